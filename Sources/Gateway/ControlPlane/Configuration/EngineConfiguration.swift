package import IAMPolicy

/// What the engine's management API is started with.
package struct EngineConfiguration: Sendable {
    /// 12 digits; part of every ARN.
    package var accountID: String = "123456789012"
    package var region: String = "us-east-1"
    /// The account's root: may do everything.
    package var rootCredentials: RootCredentials
    /// Accepts any request, signed or not. For tests only; whoever starts the engine says so.
    package var skipsAuthentication: Bool = false
    package var quotas = Quotas()
    /// File of the engine's database; nil keeps nothing after the process.
    package var databasePath: String?
    /// 32 bytes that secrets in the database and session tokens are sealed with; nil makes a key that is gone with the
    /// process.
    package var sealingKey: [UInt8]?
    /// Gets a document of an identity provider, by its `https` URL; nil reaches none, and web identities are refused.
    package var fetch: (@Sendable (_ url: String) async throws -> [UInt8])?
    /// The managed policies of AWS; nil has those that come with the program.
    package var managedPolicies: IAMPolicy.ManagedPolicies?

    /// Where functions are kept and run; nil has no functions at all.
    package var functions: FunctionService?

    package init(rootCredentials: RootCredentials, databasePath: String? = nil) {
        self.rootCredentials = rootCredentials
        self.databasePath = databasePath
    }
}

/// An access key of the account's root.
package struct RootCredentials: Sendable, Hashable {
    package var accessKeyID: String
    package var secretAccessKey: String

    package init(accessKeyID: String, secretAccessKey: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
    }
}

extension RootCredentials: CustomStringConvertible {
    /// The secret is never printed.
    package var description: String { "\(accessKeyID) •••" }
}
