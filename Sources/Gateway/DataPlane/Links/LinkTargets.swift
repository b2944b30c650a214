/// What stands behind a load balancer that private links lead to, as the engine's configuration says.
package struct LinkTargets: Sendable, Equatable {
    /// `host:port`, not empty.
    package var addresses: [String]
    package var check: TargetCheck

    package init(_ addresses: [String], check: TargetCheck = TargetCheck()) {
        self.addresses = addresses
        self.check = check
    }

    /// How many ``addresses`` are used; whoever reads them from a user refuses more.
    package static let addressesMax = Limits.targetsPerGroupMax

    /// `host:port` or `[v6]:port`, with both of its parts.
    package static func isAddress(_ text: String) -> Bool {
        let hasPort = text.utf8.last(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "]") }) == UInt8(ascii: ":")
        return hasPort && EndpointOrigin(authority: text) != nil
    }
}

/// How it is found out whether targets are healthy.
package struct TargetCheck: Sendable, Equatable {
    /// Asked for by GET, over plain HTTP: 200 to 399 is healthy. Nil: a connection is enough.
    package var path: String?
    /// Between two checks of a target.
    package var interval: Duration = .seconds(10)
    /// The longest that one check, or the connection of a request, may take.
    package var timeout: Duration = .seconds(3)
    /// Checks in a row until an unhealthy target gets requests again.
    package var healthyThreshold = 2
    /// Failures in a row, of checks or of requests, until a healthy one gets none.
    package var unhealthyThreshold = 2

    package init() {}
}
