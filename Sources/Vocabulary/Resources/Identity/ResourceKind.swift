/// The kind of an object on a target. Manifest kinds (`RestApi`) and what they expand to (`Method`) are all kinds here.
package struct ResourceKind: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
}

extension ResourceKind {
    package static let restAPI = Self(rawValue: "RestApi")
    package static let resource = Self(rawValue: "Resource")
    package static let method = Self(rawValue: "Method")
    package static let model = Self(rawValue: "Model")
    package static let requestValidator = Self(rawValue: "RequestValidator")
    package static let authorizer = Self(rawValue: "Authorizer")
    package static let gatewayResponse = Self(rawValue: "GatewayResponse")
    package static let documentationPart = Self(rawValue: "DocumentationPart")
    package static let documentationVersion = Self(rawValue: "DocumentationVersion")
    package static let deployment = Self(rawValue: "Deployment")
    package static let stage = Self(rawValue: "Stage")
}

extension ResourceKind {
    package static let user = Self(rawValue: "User")
    package static let group = Self(rawValue: "Group")
    package static let role = Self(rawValue: "Role")
    package static let policy = Self(rawValue: "Policy")
    package static let instanceProfile = Self(rawValue: "InstanceProfile")
    package static let oidcProvider = Self(rawValue: "OIDCProvider")
    package static let samlProvider = Self(rawValue: "SAMLProvider")
}

extension ResourceKind {
    package static let apiKey = Self(rawValue: "ApiKey")
    package static let usagePlan = Self(rawValue: "UsagePlan")
    package static let vpcLink = Self(rawValue: "VpcLink")
    package static let domainName = Self(rawValue: "DomainName")
    package static let clientCertificate = Self(rawValue: "ClientCertificate")
    package static let account = Self(rawValue: "Account")
}

extension ResourceKind {
    package static let function = Self(rawValue: "Function")
    /// An entry of a function's `aliases`.
    package static let alias = Self(rawValue: "Alias")
    /// An entry of a function's `permissions`, or of an alias of it.
    package static let permission = Self(rawValue: "Permission")
}

extension ResourceKind {
    /// True for what lives inside the definition of an API: one call, an import, carries all of it.
    ///
    /// SOURCE: docs/normal-forms.md.
    package var isPartOfDefinition: Bool {
        switch self {
        case .resource, .method, .model, .requestValidator, .authorizer, .gatewayResponse, .documentationPart: true
        default: false
        }
    }
}

extension ResourceKind {
    /// True for what a manifest of a function expands to beside the function.
    package var isPartOfFunction: Bool { self == .alias || self == .permission }

    /// True for what a manifest of the kind is one object of, or brings with it, and what is part of no API.
    package var isObjectOfItsOwn: Bool { KindTable.isOwnObject(self) }
}

extension ResourceKind: CustomStringConvertible, Comparable {
    package var description: String { rawValue }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
