import JSON
import Resources
import Testing

@testable import Planning

@Suite("OPTIONS methods of CORS rules")
struct PreflightTests {
    private static func document(
        origins: [String] = ["https://a.b"], methods: String = "GET,OPTIONS", more: [String: String] = [:]
    ) -> JSONValue {
        var headers = more
        headers["Access-Control-Allow-Methods"] = methods
        var response: JSONObject = [:]
        if origins.count == 1 {
            headers["Access-Control-Allow-Origin"] = origins[0]
        } else {
            headers["Vary"] = "Origin"
            response["responseTemplates"] = ["application/json": .string(CORSTemplate.echo(origins))]
        }
        let named = headers.sorted { $0.key < $1.key }
        response["responseParameters"] = .object(
            JSONObject(named.map { ("method.response.header.\($0.key)", .string("'\($0.value)'")) }))
        return [
            "authorizationType": "NONE",
            "integration": [
                "type": "MOCK", "requestTemplates": ["application/json": "{\"statusCode\": 204}"],
                "integrationResponses": ["204": .object(response)],
            ],
            "methodResponses": [
                "204": [
                    "responseParameters": .object(
                        JSONObject(named.map { ("method.response.header.\($0.key)", false) }))
                ]
            ],
        ]
    }

    private func plan(_ changes: [(String, JSONValue?, JSONValue?)]) -> Plan {
        let changes = changes.map { key, before, after in
            Change(
                before == nil ? .create : after == nil ? .delete : .update, Address(.method, in: "pets", key),
                before: before, after: after, visibility: .hidden)
        }
        return Plan(
            environment: "dev", target: [:], settings: ApplySettings(), changes: changes, findings: [], digest: "")
    }

    private func meaning(_ changes: [(String, JSONValue?, JSONValue?)]) -> [String] {
        PlanMeaning(plan(changes)).apis.flatMap(\.lines).map { "\($0.sign.rawValue) \($0.subject) \($0.note)" }
    }

    @Test("any number of them is one line, whatever their methods; other routes have their own")
    func folded() {
        let many = (0..<50).map { number in
            ("OPTIONS /p\(number)", JSONValue?.none, Optional(Self.document(methods: "GET,OPTIONS,P\(number)")))
        }
        let get: JSONValue = ["authorizationType": "NONE"]
        #expect(
            meaning(many + [("GET /a", nil, get), ("OPTIONS /b", nil, get)]) == [
                "+ GET /a no authorization", "+ OPTIONS /b no authorization", "+ OPTIONS of 50 paths CORS: https://a.b",
            ])
        #expect(meaning([many[0]]) == ["+ OPTIONS /p0 CORS: https://a.b"])
        #expect(meaning(many.map { ($0.0, $0.2, nil) }) == ["- OPTIONS of 50 paths CORS: https://a.b"])
    }

    @Test("other origins are a line of what was and what will be, and each new one is a line of the change")
    func changed() {
        let (one, three) = (Self.document(), Self.document(origins: ["https://a.b", "https://c.d", "https://*"]))
        #expect(
            meaning([("OPTIONS /a", one, three), ("OPTIONS /b", one, three)]) == [
                "~ OPTIONS of 2 paths CORS: https://a.b → https://a.b, https://c.d, https://*"
            ])
        let four = Self.document(origins: ["https://a.b", "https://c.d", "https://new.example", "https://*"])
        let text = plan([("OPTIONS /a", three, four)]).text(colour: false)
        #expect(text.contains("  + 'https://new.example'") && text.contains("https://a.b, https://c.d, https://new"))
        #expect(!text.contains("+ 'https://a.b'"))
        // The same origins and other headers: an ordinary change.
        #expect(
            meaning([("OPTIONS /a", one, Self.document(methods: "GET"))]) == ["~ OPTIONS /a integration"])
    }

    @Test("a new one is one line that leaves nothing out")
    func created() {
        let more = [
            "Access-Control-Allow-Headers": "X-A,X-B", "Access-Control-Max-Age": "60",
            "Access-Control-Allow-Credentials": "true",
        ]
        let origins = (0..<5).map { "https://s\($0).example" }
        let text = plan([("OPTIONS /a", nil, Self.document(origins: origins, more: more))]).text(colour: false)
        #expect(
            text.contains(
                "CORS: GET,OPTIONS for \(origins.joined(separator: ", ")); headers X-A,X-B; kept for 60 s; "
                    + "with credentials\n"))
        #expect(text.contains("CORS: https://s0.example, https://s1.example, https://s2.example and 2 more\n"))
        #expect(!text.contains("method.response.header"))
        #expect(
            plan([("OPTIONS /a", nil, Self.document(origins: ["*"]))]).text(colour: false).contains("for all sites"))
    }

    @Test(
        "a method that says anything else is shown as it is",
        arguments: [
            ("authorizationType", "AWS_IAM"), ("apiKeyRequired", true), ("operationName", "o"),
            ("integration.passthroughBehavior", "NEVER"), ("integration.type", "HTTP"),
            ("integration.requestTemplates", ["application/json": "{\"statusCode\": 200}"]),
            ("integration.integrationResponses", ["200": [:]]), ("methodResponses", ["204": [:]]),
            ("methodResponses", ["204": ["responseParameters": [:]], "500": [:]]),
        ] as [(String, JSONValue)])
    func others(_ path: String, _ value: JSONValue) {
        var document = Self.document().object ?? [:]
        let parts = path.split(separator: ".").map(String.init)
        if parts.count == 2 {
            var inner = document[parts[0]]?.object ?? [:]
            inner[parts[1]] = value
            document[parts[0]] = .object(inner)
        } else {
            document[parts[0]] = value
        }
        #expect(Preflight(Self.document()) != nil)
        #expect(Preflight(.object(document)) == nil)
        #expect(Preflight(Self.document(more: ["X-Other": "1"])) == nil)
        #expect(Preflight(nil) == nil)
        #expect(Preflight("text") == nil)
    }
}
