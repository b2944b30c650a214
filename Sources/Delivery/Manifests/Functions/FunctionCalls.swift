import Diagnostics
import JSON
import Resources

/// Integrations and authorizers that name a function of the commit, but not as it is called.
enum FunctionCalls {
    static func check(_ resources: [DesiredResource]) -> [Diagnostic] {
        resources.flatMap { resource in
            switch resource.address.kind {
            case .method:
                let integration = resource.document["integration"]
                return check(integration?["uri"], "uri", of: resource)
                    + check(integration?["httpMethod"]?.string, integration?["uri"], of: resource)
            case .authorizer: return check(resource.document["authorizerUri"], "authorizerUri", of: resource)
            default: return []
            }
        }
    }

    /// The target refuses these.
    private static func check(_ uri: JSONValue?, _ field: String, of resource: DesiredResource) -> [Diagnostic] {
        // An attribute that there is none of is told where the reference is looked up.
        guard let reference = function(uri), uri?.string == reference.description, reference.attribute != "invokeArn",
            KindTable.object(reference.address.kind)?.attributes.contains(where: { $0.name == reference.attribute })
                == true
        else { return [] }
        let name = SymbolicReference.text(of: reference.address)
        let right = SymbolicReference(address: reference.address, attribute: "invokeArn").description
        return [
            Diagnostic(
                .error, ManifestCode.badFunctionCall,
                "`\(resource.address)` calls `\(name)` at its `\(reference.attribute)`, where it cannot be called",
                at: resource.span, remedy: "write `\(field): \(right)`")
        ]
    }

    /// The target takes these, and answers each call with 500.
    private static func check(
        _ httpMethod: String?, _ uri: JSONValue?, of resource: DesiredResource
    ) -> [Diagnostic] {
        guard let httpMethod, httpMethod != "POST", !httpMethod.contains("${"), let reference = function(uri) else {
            return []
        }
        let name = SymbolicReference.text(of: reference.address)
        return [
            Diagnostic(
                .warning, ManifestCode.badFunctionCall,
                "`\(resource.address)` calls `\(name)` by `\(httpMethod)`: every request will be answered with 500",
                at: resource.span, remedy: "write `httpMethod: POST`: functions are called by POST alone")
        ]
    }

    private static func function(_ uri: JSONValue?) -> SymbolicReference? {
        uri?.references.first { $0.address.kind == .function || $0.address.kind == .alias }
    }
}
