import Diagnostics
import JSON
import Resources

/// What a plan takes away although others of the same commit go on naming it by its ARN.
///
/// A reference to an object that is gone is an error of the manifests. An ARN that is written out is only text there: that
/// it is one of ours is known here, where the plan says which objects go.
enum StillNamed {
    /// An error for each object and name, in the order of what names it; at most ``Limits/stillNamedMax``.
    static func findings(_ changes: [Change], _ desired: DesiredGraph) -> [Diagnostic] {
        let home = AccessHome(target: desired.target)
        var gone: [String: Address] = [:]
        for change in changes where change.action == .delete || change.action == .replace {
            guard let before = change.before, let arn = arn(change.address, before, home) else { continue }
            if gone[arn] == nil || !change.address.isDisplaced { gone[arn] = change.address }
        }
        guard !gone.isEmpty else { return [] }
        for resource in desired.resources {
            if let arn = arn(resource.address, resource.document, home) { gone[arn] = nil }
        }
        var found: [Diagnostic] = []
        for resource in desired.resources where !gone.isEmpty {
            for name in names(in: resource) {
                for (arn, address) in gone.sorted(by: { $0.key < $1.key }) where name.text.names(arn) {
                    found.append(finding(resource, name.field, arn, address))
                }
            }
            if found.count >= Limits.stillNamedMax { break }
        }
        return Array(found.prefix(Limits.stillNamedMax))
    }

    private static func finding(
        _ resource: DesiredResource, _ field: String, _ arn: String, _ gone: Address
    ) -> Diagnostic {
        Diagnostic(
            .error, PlanFinding.stillNamed,
            "`\(gone)` would be deleted, and `\(field)` of `\(resource.address)` still names it: `\(arn)`",
            at: resource.span, remedy: "change or delete what names it in the same commit, or keep `\(gone)`")
    }

    /// Nil for what nobody names by an ARN that documents alone tell.
    private static func arn(_ address: Address, _ document: JSONValue, _ home: AccessHome) -> String? {
        let name = document["name"]?.string ?? address.name
        let path = document["path"]?.string ?? "/"
        return switch address.kind {
        case .role: home.identityARN("role\(path)\(name)")
        case .policy: home.identityARN("policy\(path)\(name)")
        case .function: home.functionARN(name)
        default: nil
        }
    }

    /// Where a document names a role, a policy or a function that has to be there; what policies say of resources may name
    /// what is not there yet.
    private static func names(in resource: DesiredResource) -> [(field: String, text: String)] {
        let document = resource.document
        func texts(_ fields: String...) -> [(field: String, text: String)] {
            fields.compactMap { field in document[field]?.string.map { (field, $0) } }
        }
        switch resource.address.kind {
        case .method:
            return ["credentials", "uri"].compactMap { field in
                document["integration"]?[field]?.string.map { ("integration.\(field)", $0) }
            }
        case .authorizer: return texts("authorizerCredentials", "authorizerUri")
        case .function: return texts("role")
        case .account: return texts("cloudwatchRoleArn")
        case .user, .group, .role:
            let attached = document["managedPolicyArns"]?.array ?? []
            return attached.compactMap { $0.string.map { ("managedPolicyArns", $0) } } + texts("permissionsBoundary")
        default: return []
        }
    }
}

extension String {
    /// True where the ARN is in the text as a whole: a longer name that begins with it is another.
    fileprivate func names(_ arn: String) -> Bool {
        ranges(of: arn).contains { range in
            guard range.upperBound < endIndex else { return true }
            let next = self[range.upperBound]
            // After a function's name comes its version, or the rest of an integration's path.
            if next == ":" || next == "/" { return arn.contains(":function:") }
            return !(next.isLetter || next.isNumber || "+=,.@_-".contains(next))
        }
    }
}
