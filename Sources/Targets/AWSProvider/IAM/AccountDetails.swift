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
        for page in try await client.pages("GetAccountAuthorizationDetails", form) { details.add(page) }
        return details
    }

    private mutating func add(_ page: XMLElement) {
        for (kind, _, member) in Self.lists {
            for element in page.members(member) {
                guard let name = element.text("\(kind.rawValue)Name") else { continue }
                byKind[kind, default: [:]][name] = element
            }
        }
    }

    /// Everything of the account, and the managed policies of AWS that are attached to something.
    static func readAll(
        _ client: QueryClient
    ) async throws(ProviderFailure) -> (details: AccountDetails, policies: [XMLElement]) {
        var details = AccountDetails()
        var policies: [XMLElement] = []
        for page in try await client.pages(
            "GetAccountAuthorizationDetails", ["MaxItems": String(Limits.detailsPageSize)])
        {
            details.add(page)
            policies += page.members("Policies")
        }
        return (details, policies)
    }

    func principal(_ kind: ResourceKind, _ name: String) -> XMLElement? { byKind[kind]?[name] }

    /// In the order of their names.
    func principals(_ kind: ResourceKind) -> [XMLElement] {
        (byKind[kind] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
}
