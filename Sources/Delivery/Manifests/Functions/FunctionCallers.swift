import Diagnostics
import JSON
import Resources

/// APIs that call a function of the same commit which does not let them.
enum FunctionCallers {
    /// One warning for each API and function.
    static func check(_ resources: [DesiredResource]) -> [Diagnostic] {
        let functions = Set(resources.lazy.map(\.address).filter { $0.kind == .function || $0.kind == .alias })
        guard !functions.isEmpty else { return [] }
        var open: Set<Address> = []
        for resource in resources where resource.address.kind == .permission {
            let principal = resource.document["principal"]?.string ?? ""
            if principal == service || principal == "*" || principal.contains("${") {
                open.insert(called(by: resource.address))
            }
        }
        var told: Set<String> = []
        var found: [Diagnostic] = []
        for resource in resources {
            guard let uri = uriWithoutCredentials(resource) else { continue }
            for function in uri.references.map(\.address)
            where functions.contains(function) && !open.contains(function)
                && told.insert("\(resource.address.root) \(function)").inserted
            {
                found.append(
                    Diagnostic(
                        .warning, ManifestCode.missingPermission,
                        "`\(resource.address)` calls `\(SymbolicReference.text(of: function))`, which does not let API Gateway call it",
                        at: resource.span,
                        remedy: "add `permissions: { gateway: { principal: \(service) } }` to it, or give the "
                            + "integration the credentials of a role"))
            }
        }
        return found
    }

    /// What a permission is for: the function, or one of its aliases.
    private static func called(by permission: Address) -> Address {
        let parts = permission.key.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return Address(.function, permission.root) }
        return Address(.alias, in: permission.root, String(parts[0]))
    }

    private static let service = "apigateway.amazonaws.com"

    private static func uriWithoutCredentials(_ resource: DesiredResource) -> JSONValue? {
        let document = resource.document
        switch resource.address.kind {
        case .method where document["integration"]?["credentials"] == nil: return document["integration"]?["uri"]
        case .authorizer where document["authorizerCredentials"] == nil: return document["authorizerUri"]
        default: return JSONValue?.none
        }
    }
}
