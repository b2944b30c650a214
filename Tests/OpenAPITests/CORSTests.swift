import Diagnostics
import JSON
import OpenAPI
import Resources
import Testing

/// What a CORS rule makes of a definition.
@Suite("CORS")
struct CORSTests {
    private static let paths = """
        paths:
          /pets:
            get:
              responses: { "200": { description: a }, "500": { description: b } }
              x-amazon-apigateway-integration:
                type: http
                httpMethod: GET
                uri: http://a.example
                responses: { default: { statusCode: "200" }, "5..": { statusCode: "500" } }
            post:
              x-amazon-apigateway-integration: { type: http_proxy, httpMethod: POST, uri: 'http://a.example' }
        """

    private func expansion(_ rule: String, _ paths: String = paths, rest: String = "") throws -> CORSExpansion {
        let reading = OpenAPIReader.manifest.read(
            try Samples.node(Samples.document("\(paths)\nx-amazon-apigateway-cors: \(rule)\n\(rest)")))
        let definition = try #require(reading.definition, "\(reading.diagnostics)")
        return CORSExpansion(definition, rule: try #require(definition.cors))
    }

    private func definition(_ rule: String, _ paths: String = paths, rest: String = "") throws -> APIDefinition {
        try expansion(rule, paths, rest: rest).definition
    }

    private func headers(_ document: JSONValue?, _ status: String) -> [String: String] {
        var result: [String: String] = [:]
        let response = document?["integration"]?["integrationResponses"]?[status]
        for (name, value) in response?["responseParameters"]?.object ?? [:] {
            result[String(name.dropFirst("method.response.header.".count))] = value.string
            #expect(document?["methodResponses"]?[status]?["responseParameters"]?[name] == false, "\(name)")
        }
        return result
    }

    private func template(_ document: JSONValue?, _ status: String) -> JSONValue? {
        document?["integration"]?["integrationResponses"]?[status]?["responseTemplates"]
    }

    @Test("a path gets an OPTIONS method that says what the rule says, and calls no backend")
    func preflight() throws {
        let rule = """
            { allowOrigins: [https://a.b], allowMethods: [get, DELETE], allowHeaders: [X-A, x-b], exposeHeaders: [X-C],
              maxAge: 60, allowCredentials: true }
            """
        let made = try definition(rule)
        let options = made.document(.method, "OPTIONS /pets")
        #expect(
            headers(options, "204") == [
                "Access-Control-Allow-Origin": "'https://a.b'", "Access-Control-Allow-Methods": "'GET,DELETE'",
                "Access-Control-Allow-Headers": "'X-A,x-b'", "Access-Control-Max-Age": "'60'",
                "Access-Control-Allow-Credentials": "'true'",
            ])
        #expect(options?["integration"]?["type"] == "MOCK")
        #expect(options?["integration"]?["requestTemplates"] == ["application/json": "{\"statusCode\": 204}"])
        #expect(template(options, "204") == nil)
        #expect(made.objects.first { $0.key == "OPTIONS /pets" }?.span?.line == 14)
        #expect(made.cors == nil)
    }

    @Test("without a list the methods are those of the path, of `ANY` and `*` all")
    func methods() throws {
        func methods(_ rule: String, _ verb: String) throws -> String? {
            let made = try definition(
                rule, "paths: { /a: { \(verb): { x-amazon-apigateway-integration: { type: mock } } } }")
            return headers(made.document(.method, "OPTIONS /a"), "204")["Access-Control-Allow-Methods"]
        }
        let all = "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'"
        #expect(try methods("{ allowOrigins: ['*'] }", "put") == "'OPTIONS,PUT'")
        #expect(try methods("{ allowOrigins: ['*'] }", "x-amazon-apigateway-any-method") == all)
        #expect(try methods("{ allowOrigins: ['*'], allowMethods: ['*'] }", "put") == all)
    }

    @Test("every answer that is not a proxy's names the origin, and what scripts may read")
    func answers() throws {
        let made = try expansion("{ allowOrigins: ['*'], exposeHeaders: [X-A, X-B], maxAge: 0 }")
        let get = made.definition.document(.method, "GET /pets")
        for status in ["200", "500"] {
            #expect(
                headers(get, status) == [
                    "Access-Control-Allow-Origin": "'*'", "Access-Control-Expose-Headers": "'X-A,X-B'",
                ])
        }
        #expect(made.definition.document(.method, "POST /pets")?["methodResponses"] == nil)
        let options = made.definition.document(.method, "OPTIONS /pets")
        #expect(headers(options, "204")["Access-Control-Max-Age"] == "'0'")
    }

    @Test("what a proxy's backend must send is said once, with the places")
    func proxies() throws {
        let found = try expansion("{ allowOrigins: ['*'] }").diagnostics
        #expect(found.map(\.code) == [OpenAPICode.corsByHand.rawValue])
        #expect(found.first?.severity == .note)
        #expect(found.first?.message.contains("`POST /pets`") == true)
        #expect(found.first?.spans.map(\.line) == [12])
        let many = (0..<20).map { path in
            "  /p\(path): { get: { x-amazon-apigateway-integration: "
                + "{ type: aws_proxy, httpMethod: POST, uri: '\(Deployed.lambda)' } } }"
        }
        let all = try expansion("{ allowOrigins: ['*'] }", "paths:\n" + many.joined(separator: "\n")).diagnostics
        #expect(all.count == 1 && all[0].spans.count == 8)
        #expect(all.first?.message.contains("19 other methods") == true)
    }

    @Test("an OPTIONS method, a header and a response of the user's own stay as they are")
    func ownWins() throws {
        let paths = """
            paths:
              /a:
                options: { x-amazon-apigateway-integration: { type: mock } }
                get:
                  responses:
                    "200": { description: a, headers: { access-control-allow-origin: { schema: { type: string } } } }
                    "400": { description: b, headers: { Access-Control-Allow-Origin: { schema: { type: string } } } }
                  x-amazon-apigateway-integration:
                    type: mock
                    responses:
                      default:
                        statusCode: "200"
                        responseParameters: { method.response.header.access-control-allow-origin: "'https://own.example'" }
                      "400": { statusCode: "400" }
            """
        let rest = """
            x-amazon-apigateway-gateway-responses:
              DEFAULT_4XX: { responseParameters: { gatewayresponse.header.access-control-allow-origin: "'mine'" } }
              THROTTLED: { statusCode: 420 }
            """
        let plain = try definition("{ allowOrigins: ['*'] }", paths)
        let made = try definition("{ allowOrigins: [https://a.b], exposeHeaders: [X] }", paths, rest: rest)
        #expect(made.document(.method, "OPTIONS /a") == plain.document(.method, "OPTIONS /a"))
        #expect(made.document(.method, "OPTIONS /a")?["methodResponses"] == nil)
        let get = made.document(.method, "GET /a")
        #expect(headers(get, "200") == ["access-control-allow-origin": "'https://own.example'"])
        #expect(
            headers(get, "400") == [
                "Access-Control-Allow-Origin": "'https://a.b'", "Access-Control-Expose-Headers": "'X'",
            ])
        #expect(
            made.document(.gatewayResponse, "DEFAULT_4XX")
                == ["responseParameters": ["gatewayresponse.header.access-control-allow-origin": "'mine'"]])
        let named: JSONValue = ["gatewayresponse.header.Access-Control-Allow-Origin": "'https://a.b'"]
        #expect(made.document(.gatewayResponse, "DEFAULT_5XX") == ["responseParameters": named])
        #expect(
            made.document(.gatewayResponse, "THROTTLED") == ["statusCode": "420", "responseParameters": named])
    }

    @Test("several origins are told apart by a template, which leaves bodies as they are")
    func several() throws {
        let paths = """
            paths:
              /a:
                get:
                  responses: { "200": { description: a }, "204": { description: b }, "400": { description: c }, "500": { description: d } }
                  x-amazon-apigateway-integration:
                    type: http
                    httpMethod: GET
                    uri: http://a.example
                    responses:
                      default: { statusCode: "200" }
                      "204": { statusCode: "204" }
                      "4..":
                        statusCode: "400"
                        responseTemplates: { application/json: '{"own": 1}', text/plain: null }
                      "5..":
                        statusCode: "500"
                        responseTemplates:
                          application/json: '#set($context.responseOverride.header.access-control-allow-origin = "x")'
            """
        let made = try expansion("{ allowOrigins: [https://a.b, 'http://*'] }", paths)
        #expect(made.diagnostics.isEmpty)
        let get = made.definition.document(.method, "GET /a")
        let options = made.definition.document(.method, "OPTIONS /a")
        let echo = try #require(template(options, "204")?["application/json"]?.string)
        #expect(CORSTemplate.origins(of: echo) == ["https://a.b", "http://*"])
        #expect(template(get, "200") == ["application/json": .string(echo + "$input.body")])
        #expect(template(get, "204") == ["application/json": .string(echo)])
        #expect(
            template(get, "400") == [
                "application/json": .string(echo + "{\"own\": 1}"), "text/plain": .string(echo + "$input.body"),
            ])
        #expect(template(get, "500")?["application/json"]?.string?.hasPrefix("#set($context.resp") == true)
        for (document, status) in [(get, "200"), (options, "204")] {
            #expect(headers(document, status)["Vary"] == "'Origin'")
            #expect(headers(document, status)["Access-Control-Allow-Origin"] == nil)
            let declared = document?["methodResponses"]?[status]?["responseParameters"]
            #expect(declared?["method.response.header.Access-Control-Allow-Origin"] == false)
        }
        #expect(headers(get, "500") == [:])
        #expect(
            made.definition.document(.gatewayResponse, "DEFAULT_5XX")?["responseParameters"]
                == ["gatewayresponse.header.Access-Control-Allow-Origin": "'*'"])
    }

    @Test("no template is put over what may be bytes, and a warning says where")
    func bytes() throws {
        let media = "x-amazon-apigateway-binary-media-types: [image/png]"
        let made = try expansion("{ allowOrigins: [https://a.b, https://c.d] }", rest: media)
        let warnings = made.diagnostics.filter { $0.severity == .warning }
        #expect(warnings.map(\.code) == [OpenAPICode.corsByHand.rawValue])
        #expect(warnings.first?.spans.map(\.line) == [5])
        let get = made.definition.document(.method, "GET /pets")
        #expect(template(get, "200") == nil && headers(get, "200") == [:])
        let one = try expansion("{ allowOrigins: [https://a.b] }", rest: media)
        #expect(one.diagnostics.allSatisfy { $0.severity == .note })
    }

    @Test("with credentials and several origins the gateway's own errors name none, and a warning says so")
    func credentials() throws {
        let rule = "{ allowOrigins: [https://a.b, https://c.d], allowCredentials: true }"
        let made = try expansion(rule)
        #expect(made.definition.keys(.gatewayResponse).isEmpty)
        #expect(made.diagnostics.contains { $0.severity == .warning && $0.spans.map(\.line) == [14] })
        let get = made.definition.document(.method, "GET /pets")
        #expect(headers(get, "200") == ["Vary": "'Origin'", "Access-Control-Allow-Credentials": "'true'"])
        let own = try expansion(
            rule,
            rest: """
                x-amazon-apigateway-gateway-responses:
                  DEFAULT_4XX: { responseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: "'https://a.b'" } }
                  DEFAULT_5XX: { responseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: "'https://a.b'" } }
                """)
        #expect(own.diagnostics.allSatisfy { $0.severity == .note })
        let one = try definition("{ allowOrigins: [https://a.b], allowCredentials: true }")
        #expect(
            one.document(.gatewayResponse, "DEFAULT_4XX")?["responseParameters"] == [
                "gatewayresponse.header.Access-Control-Allow-Origin": "'https://a.b'",
                "gatewayresponse.header.Access-Control-Allow-Credentials": "'true'",
            ])
    }

    @Test("what a rule makes is written and read like everything else, and made again it is the same")
    func roundTrip() throws {
        for rule in ["{ allowOrigins: ['*'] }", "{ allowOrigins: [https://a.b, https://c.d], maxAge: 5 }"] {
            let made = try definition(rule)
            let written = OpenAPIWriter.document(for: made)
            let again = OpenAPIReader.service.read(try Samples.node(of: written))
            #expect(again.definition == made, "\(again.diagnostics)")
            let same = CORSExpansion(made, rule: try #require(try self.rule(rule)))
            #expect(same.definition == made)
        }
    }

    private func rule(_ text: String) throws -> CORSRule? {
        CORSReading(try Samples.node(text), named: "cors", at: .init(file: "a", line: 1, column: 1), mayBeEmpty: true)
            .rule
    }

    @Test("a reference or variable in an origin is left to be filled in")
    func references() throws {
        let made = try definition("{ allowOrigins: ['https://${DomainName/shop.name}', 'https://${var.x}:8443'] }")
        let echo = template(made.document(.method, "OPTIONS /pets"), "204")?["application/json"]?.string
        #expect(echo?.contains("'https://${DomainName/shop.name}'") == true)
    }

    @Test(
        "origins as browsers send them are taken",
        arguments: [
            "http://localhost:3000", "https://a.b", "https://xn--bcher-kva.example:8443", "http://[::1]:8080",
            "capacitor://localhost", "chrome-extension://abcdefghij", "http://127.0.0.1", "https://*", "*",
        ])
    func origins(_ origin: String) throws {
        #expect(try rule("{ allowOrigins: ['\(origin)'] }")?.origins == [origin])
    }
}
