import Resources
import XML

/// All users, groups and roles of an account in a few calls, with what is attached to them.
struct AccountDetails: Sendable {
    private var byKind: [ResourceKind: [String: XMLElement]] = [:]

    private static let lists: [(kind: ResourceKind, filter: String, member: String)] = [
        (.user, "User", "UserDetailList"), (.group, "Group", "GroupDetailList"), (.role, "Role", "RoleDetailList"),
    ]

    /// - Parameter kinds: What is asked for.
    static func read(_ client: QueryClient, _ kinds: Set<ResourceKind>) async throws(ProviderFailure) -> AccountDetails
    {
        let wanted = lists.filter { kinds.contains($0.kind) }
        var details = AccountDetails()
        guard !wanted.isEmpty else { return details }
        var form: QueryParameters = ["MaxItems": String(Limits.detailsPageSize)]
        form.add("Filter", list: wanted.map(\.filter))
        for page in try await client.pages("GetAccountAuthorizationDetails", form) {
            for (kind, _, member) in wanted {
                for element in page.members(member) {
                    guard let name = element.text("\(kind.rawValue)Name") else { continue }
                    details.byKind[kind, default: [:]][name] = element
                }
            }
        }
        return details
    }

    func principal(_ kind: ResourceKind, _ name: String) -> XMLElement? { byKind[kind]?[name] }

    /// In the order of their names.
    func principals(_ kind: ResourceKind) -> [XMLElement] {
        (byKind[kind] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
}
