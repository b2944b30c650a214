import JSON
import Testing

@testable import DataPlane

/// Section 4.6 of the recordings where an integration has templates, and for MOCK, which has no endpoint to show bytes.
@Suite("Binary payloads with templates")
struct BinaryPayloadTests {
    /// type is binary, handling, what a template sees; nil: 500.
    static let table: [(Bool, String?, String?)] = [
        (false, nil, "YWJj"), (false, "CONVERT_TO_TEXT", "YWJj"), (false, "CONVERT_TO_BINARY", nil),
        (true, nil, nil), (true, "CONVERT_TO_TEXT", "WVdKag=="), (true, "CONVERT_TO_BINARY", nil),
    ]

    @Test("what a request template sees of a body", arguments: ["HTTP", "MOCK"], table)
    func requests(_ type: String, _ row: (isBinary: Bool, handling: String?, seen: String?)) throws {
        let handling = row.handling.map { #", "contentHandling": "\#($0)""# } ?? ""
        let template =
            type == "HTTP"
            ? "$input.body" : #"#set($context.responseOverride.header.x = $input.body){\"statusCode\": 200}"#
        let route = try Route(
            "POST", "/a",
            """
            {"type": "\(type)", "httpMethod": "POST", "uri": "http://h/" \(handling),
             "requestTemplates": {"text/plain": "\(template)", "image/png": "\(template)"},
             "integrationResponses": {"200": {"statusCode": "200"}}}
            """)
        let trial = ExchangeTrial(.testing([route], binaryMediaTypes: ["image/*"]))
        let headers = [("Content-Type", row.isBinary ? "image/png" : "text/plain")]
        switch trial.run("POST", "/a", headers: headers, body: Array("YWJj".utf8)) {
        case .answered(let answer):
            #expect(answer.status == (row.seen == nil ? 500 : 200))
            #expect(answer.headers.first("x") == row.seen)
        case .called(let call, _): #expect(call.bodyText == row.seen)
        default: Issue.record("neither answered nor called")
        }
    }

    @Test("what a response template sees of an endpoint's answer", arguments: table)
    func responses(_ row: (isBinary: Bool, handling: String?, seen: String?)) throws {
        let handling = row.handling.map { #", "contentHandling": "\#($0)""# } ?? ""
        let more = #"""
            , "integrationResponses": {"200": {"statusCode": "200" \#(handling),
                "responseTemplates": {"application/json": "$input.body"}}}
            """#
        let trial = ExchangeTrial(
            .testing([try .http("http://h/", "GET", "/a", more: more)], binaryMediaTypes: ["image/*"]))
        let answer = try trial.answer(
            "GET", "/a",
            endpoint: EndpointAnswer(200, "YWJj", [("Content-Type", row.isBinary ? "image/png" : "text/plain")]))
        // Without a handling an answer is text whatever its type says, as recorded.
        let seen = row.isBinary && row.handling == nil ? "YWJj" : row.seen
        #expect(answer.status == (seen == nil ? 500 : 200))
        if let seen { #expect(answer.text == seen) }
    }
}
