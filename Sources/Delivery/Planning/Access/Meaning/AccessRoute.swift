package import IAMPolicy
import JSON
import Resources

/// One method of an API on one of its stages.
package struct AccessRoute: Sendable, Hashable, Comparable {
    /// `metadata.name` of the API.
    package let api: String
    package let stage: String
    /// `ANY` for all.
    package let method: String
    /// The template: `/pets/{petId}`.
    package let path: String
    package let authorization: RouteAuthorization
    package let needsKey: Bool
    /// Callers come from within a network.
    let isPrivate: Bool

    /// The verb of a witness: `GET` where the route takes any.
    var verb: String { method == "ANY" ? "GET" : method }

    /// `GET /pets`
    package var title: String { "\(method) \(path)" }

    /// The same route, whoever may call it.
    struct Key: Hashable { let api, stage, method, path: String }
    var key: Key { Key(api: api, stage: stage, method: method, path: path) }

    /// A path that callers may ask for, without its first slash.
    var samplePath: String {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.hasPrefix("{") ? "1" : String(part)
        }.joined(separator: "/")
    }

    /// True if `path`, without its first slash, is one of those that the template takes.
    func takes(path: String) -> Bool {
        let written = self.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let asked = path.split(separator: "/", omittingEmptySubsequences: false)
        for (position, part) in written.enumerated() {
            if part.hasSuffix("+}") { return asked.count > position }
            guard position < asked.count else { return false }
            if part.hasPrefix("{") {
                if asked[position].isEmpty { return false }
            } else if part != asked[position] {
                return false
            }
        }
        return written.count == asked.count
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.api, left.stage, left.path, left.method) < (right.api, right.stage, right.path, right.method)
    }

    static func all(_ objects: [(Address, JSONValue)], apis: [Address: JSONValue]) -> [AccessRoute] {
        var stages: [String: [String]] = [:]
        for (address, _) in objects where address.kind == .stage {
            stages[address.root, default: []].append(address.key)
        }
        var found: [AccessRoute] = []
        for (address, document) in objects where address.kind == .method {
            let parts = address.key.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let stages = stages[address.root] else { continue }
            let types = apis[Address(.restAPI, address.root)]?["endpointConfiguration"]?["types"]?.array ?? []
            for stage in stages {
                found.append(
                    AccessRoute(
                        api: address.root, stage: stage, method: String(parts[0]), path: String(parts[1]),
                        authorization: RouteAuthorization(
                            rawValue: document["authorizationType"]?.string ?? "NONE") ?? .none,
                        needsKey: document["apiKeyRequired"]?.bool == true, isPrivate: types.contains("PRIVATE")))
            }
        }
        return found.sorted()
    }
}
