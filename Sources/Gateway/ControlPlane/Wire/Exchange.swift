import HTTPTypes
import JSON

/// One request taken apart, and the answers to it.
struct Exchange: Sendable {
    let request: HTTPRequest
    let body: [UInt8]
    /// Percent-decoded segments of the path.
    let segments: [String]
    /// Decoded, repeats in order.
    let query: [String: [String]]
    let requestID: String

    init(request: HTTPRequest, body: [UInt8]) {
        self.request = request
        self.body = body
        let target = Array((request.path ?? "/").utf8)
        let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        segments = target[..<mark].split(separator: UInt8(ascii: "/")).map {
            PercentCoding.decoded($0, plusIsBlank: false)
        }
        query = Self.query(target[mark...].dropFirst())
        requestID = RandomNames.requestID()
    }

    private static func query(_ text: ArraySlice<UInt8>) -> [String: [String]] {
        var query: [String: [String]] = [:]
        for pair in text.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = PercentCoding.decoded(pair[..<equals], plusIsBlank: true)
            let value = PercentCoding.decoded(pair[equals...].dropFirst(), plusIsBlank: true)
            query[name, default: []].append(value)
        }
        return query
    }
}

extension Exchange {
    typealias Answer = (response: HTTPResponse, body: [UInt8])

    func response(_ status: Int, _ reply: Reply) -> Answer {
        switch reply {
        case .json(let object):
            return answer(status, contentType: "application/json", body: JSONValue.object(object).bytes(.compact))
        case .empty, .testInvocation, .authorizerInvocation, .forgottenGrants, .invocation, .usage:
            return answer(status, contentType: nil, body: [])
        case .payload(let bytes, let contentType, let disposition):
            var answer = answer(status, contentType: contentType, body: bytes)
            if let disposition { answer.response.headerFields[.contentDisposition] = disposition }
            return answer
        }
    }

    /// - Parameter service: The service that was asked; IAM and STS answer in XML.
    func response(_ error: ServiceError, to service: String? = nil) -> Answer {
        if let service = service.flatMap(QueryService.init(rawValue:)) { return queryResponse(error, service) }
        // What authorization refuses is spelled with a capital.
        let name = error.queryCode == "AccessDenied" ? "Message" : "message"
        let body = JSONValue.object(JSONObject([(name, .string(error.message))])).bytes(.compact)
        var answer = answer(error.status, contentType: "application/json", body: body)
        answer.response.headerFields.set("x-amzn-ErrorType", error.type)
        return answer
    }

    func answer(_ status: Int, contentType: String?, body: [UInt8]) -> Answer {
        var response = HTTPResponse(status: HTTPResponse.Status(code: status))
        if let contentType { response.headerFields[.contentType] = contentType }
        response.headerFields.set("x-amzn-RequestId", requestID)
        return (response, body)
    }
}

extension HTTPFields {
    mutating func set(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { self[name] = value }
    }
}
