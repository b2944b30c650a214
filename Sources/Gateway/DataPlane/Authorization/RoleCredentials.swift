package import SigV4

/// Makes temporary credentials of roles, for services of the engine that act as one: integrations, authorizers,
/// functions. It answers for one moment and is replaced when something changes; it is asked on event loops, so it must
/// not block.
package protocol RoleCredentials: Sendable {
    /// - Parameters:
    ///   - arn: Of the role, with its path.
    ///   - service: Whom the role's trust policy must let: `apigateway.amazonaws.com`, `lambda.amazonaws.com`.
    ///   - source: For what the service acts, `aws:SourceArn` in the trust policy: a method of an API as permissions of
    ///     functions name it, or a function.
    ///   - milliseconds: Since 1970.
    func credentials(
        ofRole arn: String, service: String, source: String, at milliseconds: Int64
    ) throws(RoleRefusal) -> TemporaryCredentials
}

/// Why there are no credentials of a role.
package enum RoleRefusal: Error, Sendable, Equatable {
    /// No such role in this account.
    case unknownRole(arn: String)
    /// The role's trust policy does not let the service.
    case notTrusted(arn: String, service: String)
    /// The engine cannot make credentials now.
    case unavailable(String)

    /// For logs; clients see a configuration error.
    package var message: String {
        switch self {
        case .unknownRole(let arn): "there is no role `\(arn)`"
        case .notTrusted(let arn, let service): "\(service) does not have permission to assume the provided role \(arn)"
        case .unavailable(let reason): "no credentials of a role can be made: \(reason)"
        }
    }
}

/// Credentials of a role's session. A class, so that a request carries one pointer.
package final class TemporaryCredentials: Sendable {
    /// What requests are signed with; the session token is always there.
    package let signing: SigningCredentials
    /// Seconds since 1970.
    package let expires: Int
    /// The session as policies know it, with the policies of the role.
    package let holder: KnownCaller

    package init(signing: SigningCredentials, expires: Int, holder: KnownCaller) {
        self.signing = signing
        self.expires = expires
        self.holder = holder
    }
}
