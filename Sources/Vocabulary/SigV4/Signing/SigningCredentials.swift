/// What a caller signs with.
package struct SigningCredentials: Sendable, Hashable {
    package var accessKeyID: String
    package var secretAccessKey: String
    /// Only temporary credentials have one; it is signed and sent along.
    package var sessionToken: String?

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

extension SigningCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key id only: the secret and the token never reach a log.
    package var description: String { "\(accessKeyID) •••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
