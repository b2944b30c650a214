package import JSON
package import Resources

/// Everything of an environment that says who may do what, as a commit or the recorded state has it.
package struct AccessWorld: Sendable {
    package let home: AccessHome
    /// Users, groups, roles, policies, APIs, stages, methods; references resolved as far as ``AccessHome`` knows.
    let documents: [Address: JSONValue]
    /// In the order of their addresses.
    package let routes: [AccessRoute]
    /// What APIs are called in ARNs, by their names.
    let apiIDs: [String: String]
    private let policiesByARN: [String: Address]
    /// What the objects are all of, for notes: `git`, `the account 123456789012`.
    let whole: String
    /// Users and roles, in the order of their addresses.
    let principals: [Address]

    private static let kinds: Set<ResourceKind> = [
        .user, .group, .role, .policy, .restAPI, .stage, .method, .oidcProvider, .samlProvider,
    ]

    /// - Parameters:
    ///   - objects: References symbolic; each address once.
    ///   - ids: Physical ids where they are known; an API without one is called by its name.
    ///   - whole: What the objects are all of, for notes.
    package init(
        home: AccessHome, objects: [(Address, JSONValue)], ids: [Address: String] = [:], whole: String = "git"
    ) {
        self.home = home
        self.whole = whole
        let known = objects.filter { Self.kinds.contains($0.0.kind) }
        var identities: [Address: Identity] = [:]
        for (address, document) in known where address.kind != .method && address.kind != .stage {
            identities[address] = Self.identity(address, document, home, ids[address])
        }
        var documents: [Address: JSONValue] = [:]
        var apiIDs: [String: String] = [:]
        var policiesByARN: [String: Address] = [:]
        for (address, document) in known {
            documents[address] =
                address.kind == .method || address.kind == .stage ? document : document.resolved(with: identities)
            if address.kind == .restAPI { apiIDs[address.name] = identities[address]?.physicalID }
            if address.kind == .policy, let arn = identities[address]?.attributes["arn"] {
                policiesByARN[arn] = address
            }
        }
        self.documents = documents
        principals = documents.keys.filter { $0.kind == .user || $0.kind == .role }.sorted()
        self.apiIDs = apiIDs
        self.policiesByARN = policiesByARN
        routes = AccessRoute.all(known, apis: documents)
    }

    private static func identity(
        _ address: Address, _ document: JSONValue, _ home: AccessHome, _ id: String?
    ) -> Identity {
        let path = document["path"]?.string ?? "/"
        let name = document["name"]?.string ?? address.name
        let arn: String
        switch address.kind {
        case .user: arn = home.identityARN("user\(path)\(name)")
        case .group: arn = home.identityARN("group\(path)\(name)")
        case .role: arn = home.identityARN("role\(path)\(name)")
        // Those of AWS are of no account.
        case .policy: arn = id.flatMap { $0.hasPrefix("arn:") ? $0 : nil } ?? home.identityARN("policy\(path)\(name)")
        case .samlProvider: arn = home.identityARN("saml-provider/\(name)")
        case .oidcProvider:
            arn = home.identityARN(
                "oidc-provider/\((document["url"]?.string ?? name).replacing("https://", with: ""))")
        default: arn = home.apiARN(id.flatMap { $0.isEmpty ? nil : $0 } ?? name)
        }
        let isAPI = address.kind == .restAPI
        let physicalID = isAPI ? id.flatMap { $0.isEmpty ? nil : $0 } ?? address.name : name
        return Identity(physicalID: physicalID, attributes: ["arn": arn, "name": name])
    }

    /// The ARN of a user, group, role or policy.
    func arn(_ address: Address) -> String {
        let document = documents[address] ?? [:]
        return Self.identity(address, document, home, nil).attributes["arn"] ?? ""
    }

    /// The groups of a user that are in this world.
    func groups(of user: Address) -> [Address] {
        (documents[user]?["groups"]?.array ?? []).compactMap { element in
            element.string.map { Address(.group, $0) }.flatMap { documents[$0] == nil ? nil : $0 }
        }
    }

    /// The policy of that ARN; nil if it is none of this world.
    func policy(_ arn: String) -> Address? { policiesByARN[arn] }

    /// Objects that say what a principal may do: itself, its groups, and the policies attached to them.
    func sources(of principal: Address) -> Set<Address> {
        var found: Set<Address> = [principal]
        for holder in [principal] + groups(of: principal) {
            found.insert(holder)
            found.formUnion(
                (documents[holder]?["managedPolicyArns"]?.array ?? []).compactMap { $0.string }.compactMap(policy))
        }
        if let boundary = documents[principal]?["permissionsBoundary"]?.string.flatMap(policy) {
            found.insert(boundary)
        }
        return found
    }
}
