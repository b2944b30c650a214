/// What is said of entities that are missing, in the way, or one too many.
extension EntityKind {
    func missing(_ name: String) -> ServiceError {
        switch self {
        case .instanceProfile: .noSuchEntity("Instance Profile \(name) cannot be found.")
        case .policy: .noSuchEntity("Policy \(name) was not found.")
        case .accessKey: .noSuchEntity("The Access Key with id \(name) cannot be found.")
        case .loginProfile: .noSuchEntity("Login Profile for User \(name) cannot be found.")
        case .mfaDevice: .noSuchEntity("VirtualMFADevice with serial number \(name) does not exist.")
        case .serverCertificate: .noSuchEntity("The Server Certificate with name \(name) cannot be found.")
        case .signingCertificate: .noSuchEntity("The Certificate with id \(name) cannot be found.")
        case .sshKey: .noSuchEntity("The Public Key with id \(name) cannot be found.")
        case .serviceCredential: .noSuchEntity("The specified service specific credential \(name) was not found.")
        case .oidcProvider: .noSuchEntity("OpenIDConnect Provider not found for arn \(name)")
        case .samlProvider: .noSuchEntity("Manifest not found for arn \(name)")
        case .accountAlias: .noSuchEntity("The account alias \(name) cannot be found.")
        case .passwordPolicy: .noSuchEntity("The Password Policy with domain name \(name) cannot be found.")
        case .user, .group, .role: .noSuchEntity("The \(rawValue) with name \(name) cannot be found.")
        }
    }

    func taken(_ name: String) -> ServiceError {
        switch self {
        case .instanceProfile: .alreadyExists("Instance Profile \(name) already exists.")
        case .policy: .alreadyExists("A policy called \(name) already exists. Duplicate names are not allowed.")
        case .serverCertificate: .alreadyExists("The Server Certificate with name \(name) already exists.")
        case .mfaDevice: .alreadyExists("MFADevice entity at the same path and name already exists.")
        case .loginProfile: .alreadyExists("Login Profile for user \(name) already exists.")
        case .oidcProvider: .alreadyExists("Provider with url https://\(name) already exists.")
        case .samlProvider: .alreadyExists("SAMLProvider \(name) already exists.")
        case .accountAlias: .alreadyExists("The account alias \(name) already exists.")
        default: .alreadyExists("\(noun) with name \(name) already exists.")
        }
    }
}

extension Workspace {
    func existing(_ kind: EntityKind, _ name: String) throws(ServiceError) -> Entity {
        guard let entity = identity[kind, name] else { throw kind.missing(name) }
        return entity
    }

    /// The entity that the operation's member names.
    func existing(_ kind: EntityKind, _ call: QueryCall) throws(ServiceError) -> Entity {
        try existing(kind, call.text(kind.noun + "Name"))
    }

    /// The same, of an operation that changes it.
    ///
    /// - Throws: `UnmodifiableEntity` for a role that a service has made for itself.
    func modifiable(_ kind: EntityKind, _ call: QueryCall) throws(ServiceError) -> Entity {
        let entity = try existing(kind, call)
        guard kind != .role || !entity.path.hasPrefix("/aws-service-role/") else {
            throw .query(
                400, "UnmodifiableEntity",
                "Cannot perform the operation on the protected role '\(entity.name)' - this role is only modifiable by "
                    + "AWS")
        }
        return entity
    }

    func check(isFree name: String, _ kind: EntityKind) throws(ServiceError) {
        guard !identity.isTaken(kind, name) else { throw kind.taken(name) }
    }

    func check(_ quota: Int, _ name: String, of kind: EntityKind) throws(ServiceError) {
        guard identity.count(kind) < quota else { throw .limitExceeded(name, quota) }
    }
}
