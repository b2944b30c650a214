package import NIOSSL

/// How the data plane listens and what it allows itself.
package struct DataPlaneConfiguration: Sendable {
    package var host: String = "127.0.0.1"
    /// 0 takes a free port.
    package var port: Int = 8080
    /// Asked for each new connection, so that a renewed certificate counts at once; nil serves plain HTTP.
    package var tls: (@Sendable () -> NIOSSLContext)?
    /// Nil: one for each core.
    package var eventLoops: Int?
    /// From the first byte of a request to the end of its headers.
    package var headTimeout: Duration = .seconds(10)
    /// Between two requests of a connection, and while a body does not move.
    package var idleTimeout: Duration = .seconds(60)
    /// How long an unused connection to an endpoint is kept.
    package var endpointIdleTimeout: Duration = .seconds(30)
    /// How long a user pool may take to show its keys.
    package var keysTimeout: Duration = .seconds(5)
    /// What ``DataPlaneServer/shutdown()`` grants to requests in flight.
    package var shutdownGrace: Duration = .seconds(20)
    /// Nil writes no access records.
    package var accessLog: AccessLog?
    /// Nil traces no request.
    package var tracing: RequestTracing?
    /// The time of day, UTC; for dates, ids and the access record.
    package var millisecondsSince1970: @Sendable () -> Int64 = { WallClock.milliseconds() }
    /// Which addresses endpoints may have.
    package var endpoints = EndpointRules()

    package init() {}

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// Which resolved addresses an endpoint of an integration may have; checked at connect.
package struct EndpointRules: Sendable {
    /// 169.254.0.0/16 and fe80::/10: the metadata services of clouds live there.
    package var allowsLinkLocal = false
    /// True lets an integration call the listeners of this process.
    package var allowsOwnListeners = false
    /// Ports of this process's own listeners (management, pages): refused on every address of this machine. The data
    /// listener's own port is added when it is known.
    package var ownPorts: [Int] = []
    /// A file of PEM certificates that are trusted beside those of the system.
    package var authoritiesPath: String?

    package init() {}
}
