import Diagnostics
import JSON
import Resources

/// What a plan does to who may call what, said in words beside its changes.
struct AccessFindings {
    private let changes: [Change]
    private let kinds: KindLookup

    init(_ changes: [Change], kinds: KindLookup = .standard) {
        self.changes = changes
        self.kinds = kinds
    }

    /// What widens first, then what narrows, each in the plan's order; at most ``Limits/accessFindingsMax`` of each, and
    /// a line that counts the others.
    var diagnostics: [Diagnostic] {
        var widening: [Diagnostic] = []
        var narrowing: [Diagnostic] = []
        for change in changes where change.before != nil && change.after != nil {
            guard let schema = kinds[change.address.kind] else { continue }
            let properties = AccessChange.all(by: schema, from: change.before, to: change.after)
            let effect = properties.reduce(into: AccessEffect()) { $0.formUnion($1.effect) }
            if effect.isEmpty { continue }
            let finding = Self.finding(change, effect, properties.map { "`\($0.path)`" })
            if effect.contains(.widens) { widening.append(finding) } else { narrowing.append(finding) }
        }
        return Self.cut(widening, .warning, .accessWidens) + newPublicRoutes
            + Self.cut(narrowing, .note, .accessNarrows)
    }

    private static func cut(
        _ findings: [Diagnostic], _ severity: Diagnostic.Severity, _ code: PlanFinding
    ) -> [Diagnostic] {
        guard findings.count > Limits.accessFindingsMax else { return findings }
        let word = code == .accessWidens ? "widen" : "narrow"
        let more = findings.count - Limits.accessFindingsMax
        return findings.prefix(Limits.accessFindingsMax) + [
            Diagnostic(severity, code, "\(more) more changes \(word) access", at: nil)
        ]
    }

    private static func finding(_ change: Change, _ effect: AccessEffect, _ paths: [String]) -> Diagnostic {
        let isWider = effect.contains(.widens)
        let verb = effect == .both ? "changes who may call it" : isWider ? "widens access" : "narrows access"
        var message = "`\(change.address)` \(verb) by \(paths.prefix(4).joined(separator: ", "))"
        if change.address.kind == .method, let before = change.before, let after = change.after {
            let access = (old: RouteAccess(before), new: RouteAccess(after))
            message = "route `\(change.address.key)` of `\(change.address.root)` "
            if access.new.isPublic, !access.old.isPublic {
                message += "becomes public: \(access.old.text) → \(access.new.text)"
            } else if access.old != access.new {
                message += "\(isWider ? "lets others in" : "asks for more"): \(access.old.text) → \(access.new.text)"
            } else {
                message += "\(verb) by \(paths.prefix(4).joined(separator: ", "))"
            }
        }
        return Diagnostic(
            isWider ? .warning : .note, isWider ? PlanFinding.accessWidens : .accessNarrows, message, at: change.span,
            remedy: isWider ? "check that everybody who gets in is meant to" : nil)
    }

    /// One line for each API, as most routes of a new one may be meant to be public.
    private var newPublicRoutes: [Diagnostic] {
        var routes: [String: [Change]] = [:]
        for change in changes where change.address.kind == .method && change.before == nil {
            guard let after = change.after, RouteAccess(after).isPublic else { continue }
            routes[change.address.root, default: []].append(change)
        }
        return routes.sorted { $0.key < $1.key }.map { api, routes in
            // What answers browsers for other routes is public by its nature.
            let routes = routes.filter { Preflight($0.after) == nil } + routes.filter { Preflight($0.after) != nil }
            let named = routes.prefix(4).map { "`\($0.address.key)`" }.joined(separator: ", ")
            let more = routes.count > 4 ? " and \(routes.count - 4) more" : ""
            let count = routes.count == 1 ? "a new route" : "\(routes.count) new routes"
            return Diagnostic(
                .note, PlanFinding.accessWidens, "\(count) of `\(api)` may be called by everybody: \(named)\(more)",
                at: routes.first?.span)
        }
    }
}

/// Who may call a route.
struct RouteAccess: Equatable {
    let type: String
    let authorizer: String?
    let needsKey: Bool

    init(_ method: JSONValue) {
        type = method["authorizationType"]?.string ?? "NONE"
        authorizer = method["authorizer"]?.string
        needsKey = method["apiKeyRequired"]?.bool == true
    }

    var isPublic: Bool { type == "NONE" && !needsKey }

    var text: String {
        switch (type, needsKey) {
        case ("NONE", false): "no authorization"
        case ("NONE", true): "API key"
        default: type + (authorizer.map { " by \($0)" } ?? "") + (needsKey ? " and API key" : "")
        }
    }
}
