/// One user pool that an authorizer names.
struct UserPool: Sendable, Equatable {
    let region: String
    /// `REGION_NAME`
    let id: String

    /// - Parameter arn: `arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID`.
    /// - Returns: Nil for what is no ARN of a pool.
    init?(arn: String) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let kind = "userpool/"
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "cognito-idp",
            parts[5].hasPrefix(kind)
        else { return nil }
        region = parts[3]
        id = String(parts[5].dropFirst(kind.count))
        // Both become parts of addresses.
        guard Self.isName(region), Self.isName(id) else { return nil }
    }

    private static func isName(_ text: String) -> Bool {
        (1...Limits.userPoolNameBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// The service's own host, which tokens name wherever the pool's keys are.
    var host: String { "cognito-idp.\(region).amazonaws.com" }

    /// `iss` of its tokens.
    ///
    /// - Note: Source: Cognito developer guide, "Verifying JSON web tokens".
    var issuer: String { "https://\(host)/\(id)" }

    /// Where its keys are; nil if the endpoint map does not say.
    func keys(_ endpoints: EndpointMap) -> KeySource? {
        guard let entry = endpoints.entry(of: "cognito-idp", in: region),
            let origin = entry.origin ?? EndpointOrigin(authority: host, security: .verified)
        else { return nil }
        return KeySource(origin: origin, target: "\(entry.basePath)/\(id)/.well-known/jwks.json")
    }
}

/// Where the public keys of one issuer are served.
package struct KeySource: Sendable, Hashable {
    let origin: EndpointOrigin
    /// The path.
    let target: String

    var url: String { origin.security.prefix + origin.authority + target }
}
