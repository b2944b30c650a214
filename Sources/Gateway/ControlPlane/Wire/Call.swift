import DataPlane
import HTTPTypes
import IAMPolicy
import JSON
import OpenAPI

/// One request after routing: where every parameter was found, checked against the operation's shape.
struct Call: Sendable {
    /// By the names of the path pattern, percent-decoded.
    var path: [String: String]
    /// Decoded, repeats in order.
    var query: [String: [String]]
    /// `Accept`, for exports.
    var accept: String?
    var body: JSONObject
    /// The body as sent, for imports.
    var bytes: [UInt8]
    var environment: CallEnvironment
    /// The document of an import.
    var reading: OpenAPIReading?
    /// The code that the request brought, kept already.
    var code: FunctionCode?

    var apiID: String { path["api"] ?? "" }
    var resourceID: String { path["resource"] ?? "" }
    var httpMethod: String { path["method"] ?? "" }
    var statusCode: String { path["status"] ?? "" }
    /// The last path parameter of the operations on a named object.
    var key: String { path["id"] ?? "" }

    func query(_ name: String) -> String? { query[name]?.first }

    /// Reads the body and checks its shape.
    init(
        _ exchange: Exchange, operation: Operation, path: [String: String], _ environment: CallEnvironment
    ) throws(ServiceError) {
        self.path = path
        self.environment = environment
        query = exchange.query
        accept = exchange.request.headerFields[.accept]
        bytes = exchange.body
        body = [:]
        if operation.members != nil, !exchange.body.isEmpty { body = try Self.object(exchange.body) }
        let parameters = Shape.constrainedParameters.compactMap { parameter in
            path[parameter.key].map { (parameter.name, $0, parameter.shape) }
        }
        try ShapeCheck.check(
            body, against: operation.members ?? [], input: operation.inputName, parameters: parameters)
    }

    private static func object(_ bytes: [UInt8]) throws(ServiceError) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .serialization("The request body is not valid JSON: \(error.message)")
        }
        guard let object = value.object else { throw .serialization("The request body is not a JSON object") }
        return object
    }
}

/// What handlers need to know of the engine and the moment.
struct CallEnvironment: Sendable {
    var accountID: String
    var region: String
    var quotas: Quotas
    /// Seconds since 1970.
    var now: Int
    var facts = RequestFacts()
    /// The private links as the data plane has them.
    var links: LinkRegistry
    /// Whether the code of a function is still where it was put, by its hash.
    var hasCode: @Sendable (String) -> Bool

    /// The condition keys that every request has: made when a policy is asked, which the root's requests never do.
    var context: RequestContext {
        var context: RequestContext = [
            "aws:CurrentTime": EntityNames.timestamp(now), "aws:EpochTime": "\(now)", "aws:RequestedRegion": region,
            "aws:SecureTransport": "\(facts.isSecure)",
        ]
        if let address = facts.address { context.set("aws:SourceIp", address) }
        if let agent = facts.userAgent { context.set("aws:UserAgent", agent) }
        return context
    }
}

/// What condition keys are made of.
struct RequestFacts: Sendable {
    var address: String?
    var isSecure = false
    var userAgent: String?
}
