import ControlPlane
import SigV4
import Testing

extension Engine {
    /// An engine that checks signatures.
    static func strict(
        database: String? = nil, configure: @escaping (inout EngineConfiguration) -> Void = { _ in },
        clock: @escaping @Sendable () -> Int = { Engine.now }
    ) async throws -> Engine {
        try await Engine(
            database: database,
            configure: {
                $0.skipsAuthentication = false
                configure(&$0)
            }, clock: clock)
    }

    /// A new user with an access key, and with one inline policy if a document is given.
    func user(_ name: String, _ policy: String? = nil) async throws -> SigningCredentials {
        await done("CreateUser", ("UserName", name))
        if let policy {
            await done("PutUserPolicy", ("UserName", name), ("PolicyName", "p"), ("PolicyDocument", policy))
        }
        return try await key(of: name)
    }

    func key(of name: String) async throws -> SigningCredentials {
        let key = await done("CreateAccessKey", ("UserName", name))
        return SigningCredentials(
            accessKeyID: try #require(key["AccessKeyId"]), secretAccessKey: try #require(key["SecretAccessKey"]))
    }

    /// The credentials in an answer of STS.
    static func credentials(_ answer: QueryAnswer) throws -> SigningCredentials {
        SigningCredentials(
            accessKeyID: try #require(answer["AccessKeyId"], "\(answer.text)"),
            secretAccessKey: try #require(answer["SecretAccessKey"]), sessionToken: answer["SessionToken"]
        )
    }

    func assume(
        _ role: String, session: String = "test", as credentials: SigningCredentials, _ more: (String, String)...
    ) async throws -> SigningCredentials {
        let answer = await ask(
            "AssumeRole",
            [("RoleArn", "arn:aws:iam::123456789012:role/\(role)"), ("RoleSessionName", session)] + more,
            service: "sts", as: credentials)
        return try Self.credentials(answer)
    }

    static func userARN(_ name: String) -> String { "arn:aws:iam::123456789012:user/\(name)" }
    static func roleARN(_ name: String) -> String { "arn:aws:iam::123456789012:role/\(name)" }
}
