package import IAMPolicy
import JSON
package import Resources

/// The policies of one user or role, as they are written.
struct PrincipalPolicies: Hashable {
    struct Named: Hashable {
        /// `Group/api-admins`, `Policy/invoke`, an ARN; with the name of an inline policy behind it.
        let name: String
        let document: JSONValue
    }

    /// What the principal itself has, then what each group has.
    var identity: [Named] = []
    var boundary: Named?
    /// Policies that are attached and that nobody here has the document of.
    var unseen: [String] = []
    /// A boundary, or a group, that nobody here has: what the principal may do is not known.
    var isUnknown = false
}

extension AccessWorld {
    func policies(of principal: Address) -> PrincipalPolicies {
        var found = PrincipalPolicies()
        for holder in [principal] + groups(of: principal) { add(holder, to: &found) }
        for group in documents[principal]?["groups"]?.array ?? [] {
            guard let name = group.string, documents[Address(.group, name)] == nil else { continue }
            found.unseen.append("group \(name)")
        }
        if let arn = documents[principal]?["permissionsBoundary"]?.string {
            found.boundary = attached(arn)
            if found.boundary == nil {
                found.unseen.append(arn)
                found.isUnknown = true
            }
        }
        return found
    }

    private func add(_ holder: Address, to found: inout PrincipalPolicies) {
        guard let document = documents[holder] else { return }
        for member in document["inlinePolicies"]?.object?.members ?? [] {
            found.identity.append(
                PrincipalPolicies.Named(name: "\(holder) \(member.name)", document: member.value))
        }
        for arn in (document["managedPolicyArns"]?.array ?? []).compactMap(\.string) {
            if let policy = attached(arn) { found.identity.append(policy) } else { found.unseen.append(arn) }
        }
    }

    private func attached(_ arn: String) -> PrincipalPolicies.Named? {
        if let address = policy(arn), let document = documents[address]?["policyDocument"] {
            let name = address.name.hasPrefix("arn:") ? address.name : address.description
            return PrincipalPolicies.Named(name: name, document: document)
        }
        // The text stands for the document: it is read only where it is needed.
        return ManagedPolicies.shipped[arn].map { PrincipalPolicies.Named(name: arn, document: .string($0.text)) }
    }

    /// The trust policy of a role, or the policy of an API.
    func resourcePolicy(_ address: Address) -> PrincipalPolicies.Named? {
        let field = address.kind == .role ? "assumeRolePolicyDocument" : "policy"
        guard let document = documents[address]?[field], !document.isNull else { return nil }
        return PrincipalPolicies.Named(name: address.description, document: document)
    }

    /// The one who asks: a user, or a session of a role.
    package func caller(_ principal: Address) -> Caller {
        let arn = arn(principal)
        return principal.kind == .role ? .session(ofRole: arn, name: "session") : .user(arn: arn)
    }
}
