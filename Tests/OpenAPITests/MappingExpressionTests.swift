import OpenAPI
import Testing

@Suite("Mapping expressions")
struct MappingExpressionTests {
    @Test(
        "sources of an integration's request are read",
        arguments: [
            ("'*'", .literal("*")), ("''", .literal("")), ("'it's'", .literal("it's")),
            ("method.request.path.petId", .requestParameter(.path, name: "petId", isMultivalue: false)),
            ("method.request.querystring.a.b", .requestParameter(.querystring, name: "a.b", isMultivalue: false)),
            ("method.request.header.X-Y", .requestParameter(.header, name: "X-Y", isMultivalue: false)),
            ("method.request.multivalueheader.X", .requestParameter(.header, name: "X", isMultivalue: true)),
            ("method.request.multivaluequerystring.x", .requestParameter(.querystring, name: "x", isMultivalue: true)),
            ("method.request.body", .requestBody(path: nil)),
            ("method.request.body.pet.id", .requestBody(path: "pet.id")),
            ("stageVariables.tier", .stageVariable(name: "tier")),
            ("context.identity.sourceIp", .context(path: "identity.sourceIp")),
        ] as [(String, MappingExpression)])
    func requestSources(_ text: String, _ expected: MappingExpression) {
        #expect(MappingExpression(text, for: .integrationRequest) == expected)
    }

    @Test(
        "sources of an integration's response are read",
        arguments: [
            ("integration.response.header.Date", .responseHeader(name: "Date", isMultivalue: false)),
            ("integration.response.multivalueheader.Via", .responseHeader(name: "Via", isMultivalue: true)),
            ("integration.response.body", .responseBody(path: nil)),
            ("integration.response.body.a[0].b", .responseBody(path: "a[0].b")),
            ("'*'", .literal("*")),
        ] as [(String, MappingExpression)])
    func responseSources(_ text: String, _ expected: MappingExpression) {
        #expect(MappingExpression(text, for: .integrationResponse) == expected)
    }

    @Test(
        "what is no source of a request is refused",
        arguments: [
            "", "true", "pets", "'", "'open", "\"quoted\"", "method", "method.request", "method.request.path",
            "method.request.path.", "method.request.cookie.a", "method.request.multivaluepath.a",
            "method.request.body.",
            "method.response.header.A", "integration.response.header.A", "stageVariables", "stageVariables.",
            "context", "context.", "method.request.header.a b", "$request.body", "Method.request.header.a",
            "method.request.bodyguard",
        ])
    func refused(_ text: String) {
        #expect(MappingExpression(text, for: .integrationRequest) == nil)
    }

    @Test("a response has no request to map from, a gateway response has")
    func uses() {
        #expect(MappingExpression("method.request.header.A", for: .integrationResponse) == nil)
        #expect(MappingExpression("integration.response.body", for: .gatewayResponse) == nil)
        #expect(MappingExpression("integration.response.trailer.A", for: .integrationResponse) == nil)
        #expect(MappingExpression("integration.response.body.", for: .integrationResponse) == nil)
        #expect(MappingExpression("integration.response.bodyguard", for: .integrationResponse) == nil)
        #expect(MappingExpression("method.request.header.A", for: .gatewayResponse) != nil)
    }

    @Test("only request parameters must be declared")
    func declared() throws {
        let multi = try #require(MappingExpression("method.request.multivalueheader.X", for: .integrationRequest))
        #expect(multi.declaredParameter == "method.request.header.X")
        let body = try #require(MappingExpression("method.request.body.a", for: .integrationRequest))
        #expect(body.declaredParameter == nil)
    }

    @Test("targets belong to their use")
    func targets() {
        #expect(MappingTarget.isValid("integration.request.path.id", for: .integrationRequest))
        #expect(!MappingTarget.isValid("integration.request.path.", for: .integrationRequest))
        #expect(!MappingTarget.isValid("integration.request.body.a", for: .integrationRequest))
        #expect(!MappingTarget.isValid("method.response.header.A", for: .integrationRequest))
        #expect(MappingTarget.isValid("method.response.header.A", for: .integrationResponse))
        #expect(!MappingTarget.isValid("method.response.header.A b", for: .integrationResponse))
        #expect(MappingTarget.isValid("gatewayresponse.header.A", for: .gatewayResponse))
        #expect(!MappingTarget.isValid("gatewayresponse.path.a", for: .gatewayResponse))
        #expect(MappingTarget.failsAtRequestTime("integration.request.header.content-length"))
        #expect(!MappingTarget.failsAtRequestTime("integration.request.querystring.content-length"))
        #expect(!MappingTarget.failsAtRequestTime("integration.request.header.Content-Type"))
    }

    @Test("the text for a bad expression is the recorded one")
    func text() {
        #expect(
            MappingExpression.invalidExpressionMessage("true")
                == "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
                + "[Invalid mapping expression specified: true]")
    }
}
