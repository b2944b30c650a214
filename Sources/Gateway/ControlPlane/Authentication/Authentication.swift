import HTTPTypes
import SigV4

/// Who sent a request: checked by its signature before anything else is looked at.
struct Authentication: Sendable {
    private let root: RootCredentials
    private let region: String
    private let isSkipped: Bool
    private let verifier = Verifier()

    init(_ configuration: EngineConfiguration) {
        root = configuration.rootCredentials
        region = configuration.region
        isSkipped = configuration.skipsAuthentication
    }

    /// - Returns: The service that the request was signed for.
    /// - Throws: The service's own refusal.
    func authenticate(_ request: HTTPRequest, body: [UInt8], now: Int) throws(ServiceError) -> Service {
        let signed: SignedRequest
        do {
            signed = try SignedRequest.parse(request)
        } catch {
            guard !isSkipped else { return .apiGateway }
            throw ServiceError(error.refusal)
        }
        let service = Service(signingName: signed.scope.service)
        guard !isSkipped else { return service }
        guard signed.accessKeyID == root.accessKeyID, signed.sessionToken == nil else {
            throw ServiceError(.invalidClientTokenID)
        }
        do {
            // The other services are told apart only after the caller is known; some of them live in one region.
            try verifier.verify(
                signed, of: request, secret: root.secretAccessKey, bodyHash: PayloadHash(of: body),
                expecting: Verifier.Expectation(service: nil, region: service == .apiGateway ? region : nil),
                now: SigningDate(secondsSince1970: now))
        } catch {
            throw ServiceError(error.refusal)
        }
        return service
    }

    /// What the caller says that the request is for, believed or not; errors are answered in that service's form.
    static func claimedService(_ request: HTTPRequest) -> String? {
        do { return try SignedRequest.parse(request).scope.service } catch { return nil }
    }

    /// What a request can be meant for: all services share one listener and are told apart by what was signed.
    enum Service: Sendable, Hashable {
        case apiGateway
        case query(QueryService)
        case other(String)

        init(signingName: String) {
            if signingName == "apigateway" {
                self = .apiGateway
            } else if let service = QueryService(rawValue: signingName) {
                self = .query(service)
            } else {
                self = .other(signingName)
            }
        }
    }
}

extension ServiceError {
    init(_ refusal: AWSRefusal) {
        self.init(
            status: refusal.status, type: refusal.jsonCode, message: refusal.message, queryCode: refusal.queryCode)
    }

    static func notServed(_ service: String) -> Self {
        Self(
            status: 400, type: "InvalidAction",
            message: "The service \(service) is not served by this engine; it serves apigateway, iam and sts")
    }
}
