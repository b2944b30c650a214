import JSON
import Testing

@testable import DataPlane

@Suite("Hosts of the account's own")
struct DomainTests {
    private static func table() -> DomainTable {
        var table = DomainTable()
        table.add(
            "api.example.com",
            [
                DomainTable.Mapping(basePath: "", apiID: "root", stageName: "prod"),
                DomainTable.Mapping(basePath: "pets", apiID: "abc123", stageName: "test"),
                DomainTable.Mapping(basePath: "any", apiID: "abc123", stageName: nil),
            ])
        table.add("*.wild.example", [DomainTable.Mapping(basePath: "", apiID: "wild", stageName: nil)])
        table.add("own.wild.example", [DomainTable.Mapping(basePath: "a", apiID: "own", stageName: "s")])
        return table
    }

    /// API, stage, what is left of the path and what the client sees before it.
    private func find(_ host: String, _ path: String) -> String {
        let bytes = Array("\(host)\(path)".utf8)
        let split = host.utf8.count
        switch Self.table().find(bytes, authority: 0..<split, path: split..<bytes.count) {
        case .otherHost: return "other"
        case .unmapped: return "unmapped"
        case .stage(let address):
            let rest = String(decoding: bytes[address.restStart...], as: UTF8.self)
            return "\(address.apiID) \(address.stageName) \(rest) \(address.customPrefix ?? "")"
        }
    }

    @Test(
        "the first part of the path decides, else the empty base path; the host's case and port do not matter",
        arguments: [
            ("api.example.com", "/", "root prod / "), ("api.example.com", "", "root prod  "),
            ("API.Example.com:8080", "/x/y", "root prod /x/y "), ("api.example.com.", "/pets", "abc123 test  /pets"),
            ("api.example.com", "/pets/1", "abc123 test /1 /pets"),
            ("api.example.com", "//pets//1", "abc123 test //1 /pets"),
            ("api.example.com", "/Pets/1", "root prod /Pets/1 "), ("api.example.com", "/petsx", "root prod /petsx "),
            ("api.example.com", "/any/test/1", "abc123 test /1 /any/test"), ("api.example.com", "/any", "unmapped"),
            ("api.example.com", "/any/", "unmapped"), ("b.wild.example", "/s/1", "wild s /1 /s"),
            ("b.wild.example", "/", "unmapped"), ("own.wild.example", "/b", "unmapped"),
            ("own.wild.example", "/a", "own s  /a"), ("a.b.wild.example", "/s", "other"),
            ("wild.example", "/s", "other"),
            ("other.example.com", "/pets", "other"), ("", "/pets", "other"), ("[::1]:80", "/pets", "other"),
        ])
    func paths(_ host: String, _ path: String, _ expected: String) { #expect(find(host, path) == expected) }

    @Test("a server serves a host from the moment that it is told, and no path of it reaches what is not mapped")
    func served() async throws {
        let route = try Route(
            "GET", "/pets",
            #"""
            {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200", "responseTemplates": {"application/json":
             "$context.path $context.domainName"}}}}
            """#)
        try await TestServer.with([.testing([route])]) { (server: TestServer) async throws -> Void in
            func send(_ path: String, _ host: String = "api.example.com") throws -> String {
                let answer = try server.client().exchange("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                return "\(answer.status) \(answer.body)"
            }
            let forbidden = #"403 {"message":"Forbidden"}"#
            #expect(try send("/v1/pets") == forbidden)
            var table = DomainTable()
            table.add("api.example.com", [DomainTable.Mapping(basePath: "v1", apiID: "abc123", stageName: "test")])
            server.registry.publish(table)
            #expect(try send("/v1/pets") == "200 /v1/pets api.example.com")
            #expect(try send("/pets") == forbidden)
            #expect(try send("/restapis/abc123/test/_user_request_/pets") == forbidden)
            #expect(try send("/test/pets", "abc123.execute-api.test") == "200 /test/pets abc123.execute-api.test")
            table.add("api.example.com", [])
            server.registry.publish(table)
            #expect(try send("/v1/pets") == forbidden)
            server.registry.publish(DomainTable())
            #expect(
                try send("/restapis/abc123/test/_user_request_/pets") == "200 /test/pets api.example.com")
        }
    }

    @Test("an API whose default endpoint is disabled is reached by its own hosts alone")
    func disabled() async throws {
        var definition = StageDefinition.testing([try Route.marked("GET", "/pets")])
        definition.isDefaultEndpointDisabled = true
        try await TestServer.with([definition]) { (server: TestServer) async throws -> Void in
            var table = DomainTable()
            table.add("api.example.com", [DomainTable.Mapping(basePath: "", apiID: "abc123", stageName: "test")])
            server.registry.publish(table)
            func status(_ path: String, _ host: String) throws -> Int {
                try server.client().exchange("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n").status
            }
            #expect(try status("/pets", "api.example.com") == 200)
            #expect(try status("/test/pets", "abc123.execute-api.test") == 403)
            #expect(try status("/_aws/execute-api/abc123/test/pets", "127.0.0.1") == 403)
        }
    }
}
