import Diagnostics
import JSON
import Resources

/// Integrations, authorizers and functions that name a function or a role of the commit, but not as it must be named.
enum FunctionCalls {
    static func check(_ resources: [DesiredResource]) -> [Diagnostic] {
        resources.flatMap { resource in
            switch resource.address.kind {
            case .method:
                let integration = resource.document["integration"]
                return check(integration?["uri"], "uri", of: resource)
                    + check(integration?["httpMethod"]?.string, integration?["uri"], of: resource)
                    + check(role: integration?["credentials"], "credentials", of: resource)
            case .authorizer:
                return check(resource.document["authorizerUri"], "authorizerUri", of: resource)
                    + check(role: resource.document["authorizerCredentials"], "authorizerCredentials", of: resource)
            case .function: return check(role: resource.document["role"], "role", of: resource)
            default: return []
            }
        }
    }

    private static func check(role: JSONValue?, _ field: String, of resource: DesiredResource) -> [Diagnostic] {
        guard let reference = role?.references.first, role?.string == reference.description,
            reference.address.kind == .role, reference.attribute != "arn", exists(reference)
        else { return [] }
        let right = SymbolicReference(address: reference.address, attribute: "arn").description
        return [
            Diagnostic(
                .error, ManifestCode.badRoleReference,
                "`\(resource.address)` has for its `\(field)` the `\(reference.attribute)` of "
                    + "`\(SymbolicReference.text(of: reference.address))`, where an ARN must stand",
                at: resource.span, remedy: "write `\(field): \(right)`")
        ]
    }

    /// An attribute that there is none of is told where the reference is looked up.
    private static func exists(_ reference: SymbolicReference) -> Bool {
        KindTable.object(reference.address.kind)?.attributes.contains { $0.name == reference.attribute } == true
    }

    /// The target refuses these.
    private static func check(_ uri: JSONValue?, _ field: String, of resource: DesiredResource) -> [Diagnostic] {
        guard let reference = function(uri), uri?.string == reference.description, reference.attribute != "invokeArn",
            exists(reference)
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
