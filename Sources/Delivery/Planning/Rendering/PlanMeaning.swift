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
        for (route, change) in routes.sorted(by: { $0.0 < $1.0 }) {
            let line = Line(sign: PlanSign(change), subject: change.address.key, note: Self.note(route: change))
            byAPI[route.api, default: []].append(line)
        }
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

    private static func line(api change: Change) -> Line? {
        switch change.action {
        case .create: Line(sign: .create, subject: "the API", note: "is new")
        case .delete: Line(sign: .delete, subject: "the API", note: "goes, and its URL with it: this cannot be undone")
        case .replace: Line(sign: .replace, subject: "the API", note: "is made again under another URL")
        case .update, .adopt, .forget: nil
        }
    }

    private static func note(route change: Change) -> String {
        guard let after = change.after else { return "" }
        guard let before = change.before else { return access(after) }
        var notes: [String] = []
        if access(before) != access(after) { notes.append("\(access(before)) → \(access(after))") }
        for property in PropertyChange.between(before, after) {
            let part = String(property.path.prefix { $0 != "." && $0 != "[" })
            let isAccess = ["authorizationType", "authorizer", "apiKeyRequired"].contains(part)
            if !isAccess, !notes.contains(part) { notes.append(part) }
        }
        return notes.joined(separator: ", ")
    }

    /// Who may call a route.
    private static func access(_ method: JSONValue) -> String {
        let type = method["authorizationType"]?.string ?? "NONE"
        let authorizer = method["authorizer"]?.string.map { " by \($0)" } ?? ""
        let needsKey = method["apiKeyRequired"]?.bool == true
        switch (type, needsKey) {
        case ("NONE", false): return "no authorization"
        case ("NONE", true): return "API key"
        default: return type + authorizer + (needsKey ? " and API key" : "")
        }
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
            sign: change.isFlip ? .flip : PlanSign(change), subject: subject, note: notes.joined(separator: ", "))
    }
}
