/// Which headers pass, on which way. SOURCE: recorded behaviour of the service for every name listed.
extension KnownHeader {
    /// Not readable in templates.
    var isRemovedAtEdge: Bool {
        switch self {
        case .connection, .contentLength, .contentMD5, .expect, .maxForwards, .proxyAuthenticate, .server, .te,
            .transferEncoding, .trailer, .upgrade, .wwwAuthenticate:
            true
        default: false
        }
    }

    /// A client's header that HTTP_PROXY does not send on. Host and the gateway's own are set anew; the last two are
    /// for one connection only (RFC 9110, section 7.6.1).
    var isDroppedForEndpoint: Bool {
        switch self {
        case .connection, .contentEncoding, .contentMD5, .expect, .maxForwards, .proxyAuthenticate, .server, .te,
            .transferEncoding, .trailer, .upgrade, .via, .wwwAuthenticate, .contentLength, .host, .apiID, .traceID,
            .keepAlive, .proxyConnection:
            true
        default: false
        }
    }

    enum RequestMappingOutcome { case sent, dropped, refused }

    /// What becomes of a header that is mapped for the endpoint.
    var requestMappingOutcome: RequestMappingOutcome {
        switch self {
        case .contentLength, .transferEncoding: .refused
        case .connection, .expect, .proxyAuthenticate, .te, .via, .keepAlive, .proxyConnection: .dropped
        default: .sent
        }
    }

    enum ResponseOutcome { case sent, remapped, dropped }

    /// What becomes of a header on its way to the client, mapped or passed by HTTP_PROXY.
    var responseOutcome: ResponseOutcome {
        switch self {
        case .authorization, .connection, .contentLength, .contentMD5, .date, .expect, .host, .maxForwards,
            .proxyAuthenticate, .server, .trailer, .upgrade, .userAgent, .wwwAuthenticate, .requestID, .apigwID:
            .remapped
        case .transferEncoding, .keepAlive, .proxyConnection: .dropped
        default: .sent
        }
    }

    static let remappedPrefix = "x-amzn-Remapped-"
}
