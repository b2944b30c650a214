import JSON
import Resources

/// What a plan means to those who call the APIs: routes and who may call them, stages and what they serve.
struct PlanMeaning {
    struct Line {
        var sign: PlanSign
        /// The route or stage: `GET /pets`, `stage test`.
        var subject: String
        /// What happens to it; may be empty.
        var note: String
        /// Who may call the route changes, or may call it now.
        var isAccess = false
    }

    struct API {
        var name: String
        var lines: [Line]
    }

    /// In the order of their names.
    let apis: [API]

    init(_ plan: Plan) {
        var byAPI: [String: [Line]] = [:]
        for change in plan.changes where change.address.kind == .restAPI {
            if let line = Self.line(api: change) { byAPI[change.address.root, default: []].append(line) }
        }
        let routes = plan.changes.filter { $0.address.kind == .method }.map { (Route($0.address), $0) }
        let preflights = Self.preflights(routes)
        let lines = routes.sorted(by: { $0.0 < $1.0 }).filter { !preflights.addresses.contains($0.1.address) }.map {
            route, change in
            (
                route.api,
                Line(
                    sign: PlanSign(change), subject: change.address.key, note: Self.note(route: change),
                    isAccess: Self.isAccess(change))
            )
        }
        // Who may call what is what a reviewer looks for first.
        for (api, line) in lines.filter(\.1.isAccess) + lines.filter({ !$0.1.isAccess }) {
            byAPI[api, default: []].append(line)
        }
        for (api, line) in preflights.lines { byAPI[api, default: []].append(line) }
        for change in plan.changes where change.address.kind == .stage {
            byAPI[change.address.root, default: []].append(Self.line(stage: change))
        }
        apis = byAPI.sorted { $0.key < $1.key }.map { API(name: $0.key, lines: $0.value) }
    }

    /// Ordered by path, then by method.
    private struct Route: Comparable {
        let api: String
        let path: String
        let method: String

        init(_ address: Address) {
            let parts = address.key.split(separator: " ", maxSplits: 1)
            api = address.root
            path = parts.count > 1 ? String(parts[1]) : ""
            method = parts.first.map(String.init) ?? ""
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.api, left.path, left.method) < (right.api, right.path, right.method)
        }
    }

    /// One line for all OPTIONS methods of an API that a CORS rule makes, changes or takes away in the same way.
    private static func preflights(
        _ routes: [(Route, Change)]
    ) -> (lines: [(api: String, line: Line)], addresses: Set<Address>) {
        struct Group: Hashable {
            let api: String
            let sign: PlanSign
            let note: String
        }
        var groups: [Group: [Change]] = [:]
        for (route, change) in routes where route.method == "OPTIONS" {
            let (before, after) = (Preflight(change.before), Preflight(change.after))
            let note: String
            switch (before, after) {
            case (let before?, let after?) where before.sites != after.sites:
                note = "\(before.sites) → \(after.sites)"
            case (_?, _?), (nil, nil): continue
            case (nil, let after?): note = change.before == nil ? after.sites : ""
            case (let before?, nil): note = change.after == nil ? before.sites : ""
            }
            guard !note.isEmpty else { continue }
            groups[Group(api: route.api, sign: PlanSign(change), note: note), default: []].append(change)
        }
        let lines = groups.sorted { ($0.key.api, $0.key.note) < ($1.key.api, $1.key.note) }.map { group, changes in
            let subject = changes.count == 1 ? changes[0].address.key : "OPTIONS of \(changes.count) paths"
            return (api: group.api, line: Line(sign: group.sign, subject: subject, note: "CORS: \(group.note)"))
        }
        return (lines, Set(groups.values.joined().map(\.address)))
    }

    private static func line(api change: Change) -> Line? {
        switch change.action {
        case .create: Line(sign: .create, subject: "the API", note: "is new")
        case .delete: Line(sign: .delete, subject: "the API", note: "goes, and its URL with it: this cannot be undone")
        case .replace: Line(sign: .replace, subject: "the API", note: "is made again under another URL")
        case .update: access(of: change).map { Line(sign: .update, subject: "the API", note: $0, isAccess: true) }
        case .adopt:
            switch change.origin {
            case .recorded(let address)?:
                Line(sign: .adopt, subject: "the API", note: "was `\(address.name)`, and keeps its URL")
            case .target(let id)?: Line(sign: .adopt, subject: "the API", note: "is taken over as it is: \(id)")
            case nil: nil
            }
        case .forget: nil
        }
    }

    /// Which properties widen or narrow access; nil if none does.
    private static func access(of change: Change) -> String? {
        let properties = AccessChange.all(of: change.address.kind, from: change.before, to: change.after)
        guard !properties.isEmpty else { return nil }
        return properties.map { $0.effect == .both ? "\($0.path) changes" : "\($0.path) \($0.effect.word)" }
            .joined(separator: ", ")
    }

    private static func note(route change: Change) -> String {
        guard let after = change.after else { return "" }
        guard let before = change.before else { return RouteAccess(after).text }
        var notes: [String] = []
        let (old, new) = (RouteAccess(before), RouteAccess(after))
        if old != new {
            let verdict = new.isPublic ? "becomes public: " : ""
            notes.append("\(verdict)\(old.text) → \(new.text)")
        }
        for property in PropertyChange.between(before, after) {
            let part = String(property.path.prefix { $0 != "." && $0 != "[" })
            let isAccess = ["authorizationType", "authorizer", "apiKeyRequired"].contains(part)
            if !isAccess, !notes.contains(part) { notes.append(part) }
        }
        return notes.joined(separator: ", ")
    }

    private static func isAccess(_ change: Change) -> Bool {
        change.before != nil && change.after != nil
            && !AccessEffect(of: .method, from: change.before, to: change.after).isEmpty
    }

    private static func line(stage change: Change) -> Line {
        let subject = "stage \(change.address.key)"
        let deployment = change.after?["deployment"]?.string.map { " (\($0.prefix(8)))" } ?? ""
        switch change.action {
        case .create: return Line(sign: .create, subject: subject, note: "starts to serve\(deployment)")
        case .delete: return Line(sign: .delete, subject: subject, note: "stops to serve")
        case .update, .replace, .adopt, .forget: break
        }
        var notes = change.isFlip ? ["serves the new definition\(deployment)"] : []
        notes += change.properties.map(\.path).filter { $0 != "deployment" }
        return Line(
            sign: change.isFlip ? .flip : PlanSign(change), subject: subject, note: notes.joined(separator: ", "),
            isAccess: access(of: change) != nil)
    }
}
