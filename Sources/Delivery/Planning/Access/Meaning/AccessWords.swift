import JSON
import Resources

/// Claims in plain words.
struct AccessWords {
    let before: AccessWorld
    let after: AccessWorld
    let whole: Set<String>

    /// A subject, and what it gains or loses.
    private struct Group: Hashable {
        let change: AccessClaim.Change
        let deed: String
        let reason: String
    }

    func lines(_ claims: [AccessClaim]) -> [String] {
        var order: [Group] = []
        var subjects: [Group: [String]] = [:]
        for change in AccessClaim.Change.allCases {
            var seen: [String] = []
            var byPrincipal: [String: [AccessClaim]] = [:]
            for claim in claims where claim.change == change {
                if byPrincipal[claim.principal] == nil { seen.append(claim.principal) }
                byPrincipal[claim.principal, default: []].append(claim)
            }
            for principal in seen {
                let reason = reason(principal)
                for deed in deeds(byPrincipal[principal] ?? [], change, principal) {
                    let group = Group(change: change, deed: deed, reason: reason)
                    if subjects[group] == nil { order.append(group) }
                    subjects[group, default: []].append(principal)
                }
            }
        }
        let lines = order.map { group in
            let subject = Self.capitalized(
                Self.listed((subjects[group] ?? []).map(Self.subject), more: "others", limit: 4))
            return "\(subject) \(group.change == .gains ? "may now" : "may no longer") \(group.deed)\(group.reason)"
        }
        guard lines.count > Limits.accessLinesMax else { return lines }
        return lines.prefix(Limits.accessLinesMax) + ["… and \(lines.count - Limits.accessLinesMax) more"]
    }

    private static func subject(_ principal: String) -> String {
        principal.contains(" ") ? principal : "`\(principal)`"
    }

    private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private static func listed(_ names: [String], more: String, limit: Int) -> String {
        if names.count > limit + 1 {
            return names.prefix(limit).joined(separator: ", ") + " and \(names.count - limit) \(more)"
        }
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    /// Routes first, then what is assumed, then what is done to services.
    private func deeds(_ claims: [AccessClaim], _ change: AccessClaim.Change, _ principal: String) -> [String] {
        var found = routeDeeds(claims.filter { $0.route != nil }, change)
        let roles = claims.filter { $0.role != nil }
        for (condition, group) in Self.grouped(roles, by: { Self.condition($0.context) }) {
            let names = Self.unique(group.compactMap(\.role)).map { "`\($0)`" }
            found.append("assume \(Self.listed(names, more: "more", limit: 4))\(condition)")
        }
        let others = claims.filter { $0.route == nil && $0.role == nil }
        for (service, group) in Self.grouped(others, by: { ActionCatalogue.service($0.action) }) {
            let title = ActionCatalogue.title(service)
            if whole.contains("\(principal) \(service) \(change.rawValue)") {
                found.append("do \(change == .gains ? "everything" : "anything") in \(title)")
                continue
            }
            for (condition, group) in Self.grouped(group, by: { Self.condition($0.context) }) {
                found.append(serviceDeed(group) + condition)
            }
        }
        return found
    }

    private func serviceDeed(_ claims: [AccessClaim]) -> String {
        let actions = Self.unique(claims.map(\.action)).map { "`\($0)`" }
        let resources = Self.unique(claims.map(\.resource)).map { "`\($0)`" }
        let examples =
            (resources.count > 1 ? "resources such as " : "") + Self.listed(resources, more: "more", limit: 2)
        let on = resources == ["`*`"] ? "" : " on \(examples)"
        return "do \(Self.listed(actions, more: "more", limit: 6))\(on)"
    }

    private func routeDeeds(_ claims: [AccessClaim], _ change: AccessClaim.Change) -> [String] {
        var found: [String] = []
        for (api, ofAPI) in Self.grouped(claims, by: { $0.api ?? "" }) {
            var stages: [String: [String]] = [:]
            var order: [String] = []
            let byStage = Self.grouped(ofAPI, by: { "\($0.stage ?? "")\n\(Self.condition($0.context))" })
            for (stage, group) in byStage {
                let routes = Self.unique(group.compactMap(\.route))
                let condition = String(stage.drop { $0 != "\n" }.dropFirst())
                let text = "\(self.routes(routes, api, stage: group.first?.stage ?? "", change))\n\(condition)"
                if stages[text] == nil { order.append(text) }
                stages[text, default: []].append(String(stage.prefix { $0 != "\n" }))
            }
            for text in order {
                let names = stages[text] ?? []
                let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
                let word = names.count == 1 ? "stage" : "stages"
                found.append(
                    "\(parts[0]) of `RestApi/\(api)` (\(word) \(Self.listed(names, more: "more", limit: 6)))\(parts[1])"
                )
            }
        }
        return found
    }

    private func routes(_ routes: [String], _ api: String, stage: String, _ change: AccessClaim.Change) -> String {
        let world = change == .gains ? after : before
        let all = world.routes.count { $0.api == api && $0.stage == stage }
        if routes.count > 3, routes.count == all { return "call every route" }
        return Self.listed(routes, more: "more routes", limit: 4)
    }

    private static func condition(_ context: [String: String]) -> String {
        if context.isEmpty { return "" }
        return ", for example with "
            + listed(context.sorted { $0.key < $1.key }.map { "\($0.key) `\($0.value)`" }, more: "more", limit: 3)
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    /// In the order of the first of each group.
    private static func grouped(_ claims: [AccessClaim], by key: (AccessClaim) -> String) -> [(String, [AccessClaim])] {
        var order: [String] = []
        var groups: [String: [AccessClaim]] = [:]
        for claim in claims {
            let key = key(claim)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(claim)
        }
        return order.map { ($0, groups[$0] ?? []) }
    }

    /// ` (1 membership removed)`; empty for who is no object.
    private func reason(_ principal: String) -> String {
        guard let address = Address(text: principal), !principal.contains(" ") else { return "" }
        guard let old = before.documents[address] else { return after.documents[address] == nil ? "" : " (new)" }
        guard let new = after.documents[address] else { return " (deleted)" }
        var parts: [String] = []
        for (field, one, many) in [
            ("groups", "membership", "memberships"), ("managedPolicyArns", "policy", "policies"),
        ] {
            let (was, now) = (Set(old[field]?.array ?? []), Set(new[field]?.array ?? []))
            let isGroup = field == "groups"
            let (added, removed) = (now.subtracting(was).count, was.subtracting(now).count)
            if added > 0 { parts.append("\(added) \(added == 1 ? one : many) \(isGroup ? "added" : "attached")") }
            if removed > 0 {
                parts.append("\(removed) \(removed == 1 ? one : many) \(isGroup ? "removed" : "detached")")
            }
        }
        if old["inlinePolicies"] != new["inlinePolicies"] { parts.append("inline policies changed") }
        if old["permissionsBoundary"] != new["permissionsBoundary"] { parts.append("boundary changed") }
        for source in before.sources(of: address).union(after.sources(of: address)).sorted() where source != address {
            let (was, now) = (before.documents[source], after.documents[source])
            if was != now, was != nil, now != nil { parts.append("`\(source)` changed") }
        }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }
}
