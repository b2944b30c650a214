import JSON

/// Temporary credentials: everything about them is in the token itself, sealed, so that nothing has to be kept.
struct Session: Sendable, Equatable {
    /// Whose they are: what is looked up again, by its id, each time they are used.
    enum Subject: Sendable, Equatable {
        case root
        case user(id: String)
        case role(id: String, name: String)
        /// - Parameter issuer: Id of the user that asked for them; nil for the root.
        case federated(name: String, issuer: String?)
    }

    var subject: Subject
    var accessKeyID = "ASIA" + EntityNames.random(16)
    var secret = EntityNames.secret()
    /// Seconds since 1970.
    var issued: Int
    var expires: Int
    /// Session policies, as texts: they limit, and never grant.
    var policies: [String] = []
    /// ARNs of managed policies that are session policies.
    var policyARNs: [String] = []
    var tags: [Entity.Tag] = []
    /// Keys of the tags that sessions made by this one get too.
    var transitiveKeys: [String] = []
    var isMFA = false
    var sourceIdentity: String?
    /// ARN or name of the identity provider that vouched.
    var provider: String?

    var hasPolicies: Bool { !policies.isEmpty || !policyARNs.isEmpty }

    init(_ subject: Subject, issued: Int, seconds: Int) {
        self.subject = subject
        self.issued = issued
        expires = issued + seconds
    }
}

// MARK: Tokens

extension Session {
    private static let purpose = "session token"

    func token(_ sealing: Sealing) throws(ServiceError) -> String {
        try sealing.seal(JSONValue.object(document).bytes(.compact), for: Self.purpose)
    }

    /// Nil when the token was not made here.
    init?(token: String, _ sealing: Sealing) {
        guard token.utf8.count <= Limits.sessionTokenBytesMax, let bytes = sealing.open(token, for: Self.purpose) else {
            return nil
        }
        do {
            guard let document = try JSONValue(parsing: bytes).object else { return nil }
            self.init(document)
        } catch {
            return nil
        }
    }

    private var document: JSONObject {
        var document: JSONObject = [
            "key": .string(accessKeyID), "secret": .string(secret), "issued": .number(JSONNumber(issued)),
            "expires": .number(JSONNumber(expires)), "mfa": .bool(isMFA),
            "policies": .array(policies.map { .string($0) }), "arns": .array(policyARNs.map { .string($0) }),
            "tags": .array(tags.map(EntityTags.document)), "transitive": .array(transitiveKeys.map { .string($0) }),
        ]
        switch subject {
        case .root: document["kind"] = "root"
        case .user(let id): (document["kind"], document["id"]) = ("user", .string(id))
        case .role(let id, let name):
            (document["kind"], document["id"], document["name"]) = ("role", .string(id), .string(name))
        case .federated(let name, let issuer):
            (document["kind"], document["name"]) = ("federated", .string(name))
            document["id"] = issuer.map { .string($0) }
        }
        document["source"] = sourceIdentity.map { .string($0) }
        document["provider"] = provider.map { .string($0) }
        return document
    }

    private init?(_ document: JSONObject) {
        guard let issued = document["issued"]?.int, let expires = document["expires"]?.int,
            let key = document.string("key"), let secret = document.string("secret")
        else { return nil }
        let name = document.string("name") ?? ""
        let subject: Subject
        switch (document.string("kind"), document.string("id")) {
        case ("root", _): subject = .root
        case ("user", let id?): subject = .user(id: id)
        case ("role", let id?): subject = .role(id: id, name: name)
        case ("federated", let id): subject = .federated(name: name, issuer: id)
        default: return nil
        }
        self.init(subject, issued: issued, seconds: expires - issued)
        accessKeyID = key
        self.secret = secret
        isMFA = document["mfa"]?.bool ?? false
        policies = (document["policies"]?.array ?? []).compactMap(\.string)
        policyARNs = (document["arns"]?.array ?? []).compactMap(\.string)
        tags = (document["tags"]?.array ?? []).map {
            Entity.Tag(key: $0["Key"]?.string ?? "", value: $0["Value"]?.string ?? "")
        }
        transitiveKeys = (document["transitive"]?.array ?? []).compactMap(\.string)
        sourceIdentity = document.string("source")
        provider = document.string("provider")
    }

    /// `Credentials` of a result.
    func credentials(_ sealing: Sealing) throws(ServiceError) -> JSONValue {
        [
            "AccessKeyId": .string(accessKeyID), "SecretAccessKey": .string(secret),
            "SessionToken": .string(try token(sealing)), "Expiration": .string(EntityNames.timestamp(expires)),
        ]
    }
}
