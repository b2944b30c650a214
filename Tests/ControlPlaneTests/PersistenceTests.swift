import ControlPlane
import DataPlane
import JSON
import Storage
import Testing

@Suite struct EnginePersistenceTests {
    /// The engine's own, by their names alone: to open its database as it is.
    static let migrations = ["apigateway objects", "iam entities"].map { Migration($0, "") }

    /// Everything that the API answers about one API.
    private func dump(_ engine: Engine, _ id: String) async throws -> [JSONValue] {
        var answers: [JSONValue] = []
        for path in [
            "", "/resources?embed=methods", "/models", "/requestvalidators", "/authorizers", "/gatewayresponses",
            "/documentation/parts", "/documentation/versions", "/deployments", "/stages",
        ] {
            answers.append(try await engine.make("GET", "/restapis/\(id)\(path)"))
        }
        return answers
    }

    @Test("a restart keeps every object, its id and what is served")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        var engine = try await Engine(database: file)
        let api = try await engine.mockAPI()
        let gone = try await engine.mockAPI()
        _ = try await engine.deployment(gone, stage: "test")
        let pets = try await engine.resource(api, "pets")
        _ = try await engine.resource(api, "{petId}", under: pets)
        let removed = try await engine.resource(api, "removed")
        try await engine.make("PUT", api.methods(removed) + "/GET", ["authorizationType": "NONE"])
        try await engine.make("DELETE", "\(api.path)/resources/\(removed)")
        try await engine.make("POST", api.path + "/requestvalidators", ["name": "all"])
        try await engine.make("POST", api.path + "/authorizers", AuthorizerTests.token)
        try await engine.make("PUT", api.path + "/gatewayresponses/THROTTLED", ["statusCode": "503"])
        try await engine.make(
            "POST", api.path + "/documentation/parts", ["location": ["type": "API"], "properties": "{}"])
        try await engine.make("POST", api.path + "/documentation/versions", ["documentationVersion": "1"])
        let deployment = try await engine.deployment(api, stage: "test")
        try await engine.make("PATCH", api.path + "/stages/test", Engine.patch(("replace", "/variables/a", "b")))
        try await engine.make("DELETE", gone.path)
        let before = try await dump(engine, api.id)
        await engine.plane.close()

        engine = try await Engine(database: file)
        #expect(try await dump(engine, api.id) == before)
        #expect(try await engine.make("GET", "/restapis")["item"]?.array?.count == 1)
        #expect(engine.snapshots.snapshot(apiID: api.id, stageName: "test")?.deploymentID == deployment)
        #expect(engine.snapshots.snapshot(apiID: gone.id, stageName: "test") == nil)
        let summary = try await engine.make("GET", "\(api.path)/deployments/\(deployment)?embed=apisummary")
        #expect(summary["apiSummary"]?["/"]?["GET"] != nil)
        try await engine.make("DELETE", api.path)
        await engine.plane.close()

        engine = try await Engine(database: file)
        #expect(try await engine.make("GET", "/restapis")["item"] == [])
        await engine.plane.close()
    }

    @Test("writes at the same time are all kept")
    func together() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        var engine = try await Engine(database: file)
        let api = try await engine.api()
        let first = engine
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await first.send(
                        "POST", "\(api.path)/resources/\(api.root)", ["pathPart": .string("r\(number)")]
                    ).status
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 201, count: 100))
        await engine.plane.close()
        engine = try await Engine(database: file)
        #expect(try await engine.make("GET", api.path + "/resources?limit=500")["item"]?.array?.count == 101)
        await engine.plane.close()
    }

    @Test("a write that cannot be made durable is refused, and nobody sees it")
    func lost() async throws {
        let folder = try TemporaryFolder()
        let engine = try await Engine(database: folder.path + "/engine.db")
        let api = try await engine.api()
        await engine.plane.close()
        let refused = try await engine.send("POST", "\(api.path)/resources/\(api.root)", ["pathPart": "a"])
        #expect(refused.status == 500)
        #expect(refused.errorType == "InternalFailure")
        #expect(try await engine.make("GET", api.path + "/resources")["item"]?.array?.count == 1)
        // The one after it is computed on what is durable, and refused for the same reason.
        #expect(try await engine.send("PATCH", api.path, Engine.patch(("replace", "/name", "b"))).status == 500)
        #expect(try await engine.make("GET", api.path)["name"] == "pets")
    }

    @Test("a database that is not the engine's, or is damaged, is refused by name")
    func unusable() async throws {
        let folder = try TemporaryFolder()
        func code(_ file: String) async -> EngineFailure.Code? {
            do {
                _ = try await Engine(database: file)
                return nil
            } catch {
                return (error as? EngineFailure)?.code
            }
        }
        #expect(await code(folder.path + "/no/such/folder/engine.db") == .databaseUnusable)

        let newer = folder.path + "/newer.db"
        let migrations = ["a", "b", "c", "d", "e"].map { Migration($0, "CREATE TABLE \($0) (x)") }
        await (try await Database.open(.file(path: newer), migrations: migrations)).close()
        #expect(await code(newer) == .databaseNewer)

        for (name, row) in [
            ("text", "('a', 'api', 'a', 'no json')"), ("list", "('a', 'api', 'a', '[]')"),
            ("kind", "('a', 'nope', 'a', '{}')"), ("orphan", "('a', 'model', 'a', '{}')"),
            ("path", "('a', 'resource', 'a', '{}')"),
        ] {
            let file = "\(folder.path)/\(name).db"
            await (try await Engine(database: file)).plane.close()
            let database = try await Database.open(.file(path: file), migrations: Self.migrations)
            try await database.transaction { connection in
                _ = try connection.execute("INSERT INTO apigateway_object VALUES ('a', 'api', 'b', '{}')")
                _ = try connection.execute("DELETE FROM apigateway_object")
                if name == "path" {
                    _ = try connection.execute("INSERT INTO apigateway_object VALUES ('a', 'api', 'a', '{}')")
                }
                _ = try connection.execute("INSERT INTO apigateway_object VALUES \(row)")
            }
            await database.close()
            #expect(await code(file) == .databaseCorrupt, "\(name)")
        }
    }
}

@Suite struct ImportTests {
    private func document(_ members: JSONObject = [:]) -> JSONValue {
        var document: JSONObject = [
            "openapi": "3.0.1", "info": ["title": "pets", "version": "1"],
            "paths": [
                "/pets": [
                    "get": [
                        "responses": ["200": ["description": "ok"]],
                        "x-amazon-apigateway-integration": [
                            "type": "mock", "responses": ["default": ["statusCode": "200"]],
                        ],
                    ]
                ]
            ],
        ]
        for (name, value) in members { document[name] = value }
        return .object(document)
    }

    @Test("a refused import changes nothing, on disk and in memory")
    func refused() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/engine.db"
        var engine = try await Engine(database: file) { $0.quotas.resourcesPerAPI = 3 }
        let api = try await engine.api()
        try await engine.make("PUT", api.path + "?mode=overwrite", document())
        let resources = try await engine.make("GET", api.path + "/resources?embed=methods")
        let models = try await engine.make("GET", api.path + "/models")
        let tooMany = document([
            "paths": ["/a": [:], "/b": [:], "/c": [:], "/d": [:]],
            "components": ["schemas": ["New": ["type": "object"]]],
        ])
        let answer = try await engine.send("PUT", api.path + "?mode=overwrite", tooMany)
        #expect(answer.errorType == "LimitExceededException")
        #expect(try await engine.send("POST", "/restapis?mode=import", tooMany).errorType == "LimitExceededException")
        for text in ["", "[]", "- a", "{\"openapi\": \"3.0.1\"", "openapi: [", "just text"] {
            try await engine.refused("PUT", api.path + "?mode=overwrite", text)
        }
        for _ in 0..<2 {
            #expect(try await engine.make("GET", api.path + "/resources?embed=methods") == resources)
            #expect(try await engine.make("GET", api.path + "/models") == models)
            #expect(try await engine.make("GET", "/restapis")["item"]?.array?.count == 1)
            await engine.plane.close()
            engine = try await Engine(database: file)
        }
        await engine.plane.close()
    }

    @Test("overwriting keeps the ids of paths, validators and authorizers that stay, and removes the rest")
    func overwrite() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let validators: JSONObject = [
            "x-amazon-apigateway-request-validators": [
                "all": ["validateRequestBody": true, "validateRequestParameters": true]
            ]
        ]
        try await engine.make("PUT", api.path + "?mode=overwrite", document(validators))
        let before = try await engine.make("GET", api.path + "/resources")["item"]?.array
        let validator = try await engine.make("GET", api.path + "/requestvalidators")["item"]?[0]
        #expect(validator?["name"] == "all")
        _ = try await engine.resource(api, "extra")
        try await engine.make("PUT", api.path + "?mode=overwrite", document(validators))
        #expect(try await engine.make("GET", api.path + "/resources")["item"]?.array == before)
        #expect(try await engine.make("GET", api.path + "/requestvalidators")["item"]?[0] == validator)
        #expect(try await engine.make("GET", api.path + "/models")["item"] == [])
    }

    @Test("merging adds to what is there")
    func merge() async throws {
        let engine = try await Engine()
        let api = try await engine.api(["name": "old", "binaryMediaTypes": ["image/png"]])
        _ = try await engine.resource(api, "extra")
        let put = try await engine.send(
            "PUT", api.path + "?mode=merge", document(["x-amazon-apigateway-binary-media-types": ["image/gif"]]))
        #expect(put.status == 200)
        #expect(try put.body["name"] == "pets")
        #expect(try put.body["binaryMediaTypes"] == ["image/png", "image/gif"])
        #expect(try put.body["tags"] == [:])
        let paths = try await engine.make("GET", api.path + "/resources")["item"]?.array?.compactMap {
            $0["path"]?.string
        }
        #expect(paths == ["/", "/extra", "/pets"])
        let replaced = try await engine.make(
            "PUT", api.path + "?mode=overwrite", document(["x-amazon-apigateway-binary-media-types": ["a/b"]]))
        #expect(replaced["binaryMediaTypes"] == ["a/b"])
    }

    @Test("a put on an API that is not there is refused after its document")
    func unknown() async throws {
        let engine = try await Engine()
        try await engine.notFound(
            "PUT", "/restapis/x?mode=overwrite", document(), "Invalid API identifier specified 123456789012:x")
        try await engine.refused("PUT", "/restapis/x?mode=overwrite", [:], "Invalid OpenAPI input.")
        try await engine.refused(
            "PUT", "/restapis/x?mode=nope", document(), type: "ValidationException",
            "1 validation error detected: Value 'nope' at 'mode' failed to satisfy constraint: Member must satisfy enum value set: [merge, overwrite]"
        )
    }

    @Test("an imported API can be deployed, and takes its endpoint type from the query")
    func deployed() async throws {
        let engine = try await Engine()
        let answer = try await engine.send(
            "POST", "/restapis?mode=import&endpointConfigurationTypes=REGIONAL", document())
        #expect(answer.status == 201)
        #expect(try answer.body["endpointConfiguration"]?["types"] == ["REGIONAL"])
        #expect(try answer.body["tags"] == nil)
        let id = try answer.body["id"]?.string ?? ""
        try await engine.make("POST", "/restapis/\(id)/deployments", ["stageName": "test"])
        #expect(engine.snapshots.snapshot(apiID: id, stageName: "test") != nil)
    }

    @Test("a document that is larger than the quota is refused")
    func large() async throws {
        let engine = try await Engine { $0.quotas.definitionBytes = 10 }
        #expect(try await engine.send("POST", "/restapis?mode=import", document()).status == 413)
    }
}

extension Engine {
    fileprivate func refused(_ method: String, _ path: String, _ text: String) async throws {
        let answer = try await send(method, path, bytes: Array(text.utf8))
        #expect(answer.errorType == "BadRequestException", "\(text)")
    }
}
