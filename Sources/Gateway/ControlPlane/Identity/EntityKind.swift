/// What the engine keeps for IAM; the raw values are written to the database.
enum EntityKind: String, Sendable, CaseIterable {
    case user, group, role, policy, instanceProfile
    case accessKey, loginProfile, mfaDevice, accountAlias, passwordPolicy
    case oidcProvider, samlProvider, serverCertificate, signingCertificate, sshKey, serviceCredential

    /// The part of an ARN before the path and the name.
    var arnType: String {
        switch self {
        case .instanceProfile: "instance-profile"
        case .mfaDevice: "mfa"
        case .oidcProvider: "oidc-provider"
        case .samlProvider: "saml-provider"
        case .serverCertificate: "server-certificate"
        default: rawValue
        }
    }

    /// How unique ids of this kind begin.
    ///
    /// - Note: Source: IAM user guide, "IAM identifiers", "Understanding unique ID prefixes".
    var idPrefix: String {
        switch self {
        case .user: "AIDA"
        case .group: "AGPA"
        case .role: "AROA"
        case .policy: "ANPA"
        case .instanceProfile: "AIPA"
        case .accessKey: "AKIA"
        case .serverCertificate: "ASCA"
        case .sshKey: "APKA"
        case .serviceCredential: "ACCA"
        default: "A"
        }
    }

    /// The word that members of the API begin with: `UserName`.
    var noun: String {
        switch self {
        case .oidcProvider: "OpenIDConnectProvider"
        case .samlProvider: "SAMLProvider"
        case .mfaDevice: "MFADevice"
        default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
        }
    }
}

/// Where an entity is: names are unique ignoring case, so the key is the name in lower case.
struct EntityKey: Sendable, Hashable {
    var kind: EntityKind
    var key: String

    init(_ kind: EntityKind, _ name: String) {
        self.kind = kind
        key = name.lowercased()
    }
}

extension EntityKey: CustomStringConvertible {
    var description: String { "\(kind.rawValue) \(key)" }
}
