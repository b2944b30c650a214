import Foundation
import Testing

extension Acceptance {
    /// `gatewright import` and `gatewright export`.
    @Suite struct ImportTests {
        static let petstore = """
            swagger: "2.0"
            info: { title: "Pet Store!", version: "1.0", contact: { name: Ann } }
            host: pets.example
            basePath: /v1
            paths:
              /pets:
                get:
                  deprecated: true
                  parameters: [{ name: page, in: query, type: integer, minimum: 1 }]
                  responses: { 200: { description: A list, schema: { $ref: '#/definitions/Pets' } } }
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: { application/json: '{"statusCode": 200}' }
                    responses: { default: { statusCode: 200, responseTemplates: { application/json: '[]' } } }
            definitions:
              Pets: { type: array, items: { $ref: '#/definitions/Pet' } }
              Pet: { type: object, discriminator: kind, properties: { kind: { type: string }, xml: { type: string } } }

            """

        @Test("a document becomes a configuration that is applied once and planned to nothing")
        func fromDocument() async throws {
            let repository = try Repository(files: ["petstore.yaml": Self.petstore])
            let output = try await repository.gatewright("import", "--from", "openapi", "petstore.yaml")
            #expect(output.status == 0, "\(output)")
            #expect(
                output.out.contains(
                    "wrote `apis/pet-store.yaml`, `apis/pet-store.openapi.yaml`, `gatewright.yaml`: 1 route of"),
                "\(output)")
            for (loss, place) in [
                ("`discriminator` of a schema", ":17:24"), ("`host` is not taken", ":3:1"),
                ("`basePath` is not", ":4:1"),
                ("`info.contact` is dropped", ":2:46"), ("`deprecated` of a method", ":8:7"),
                ("`minimum` of a parameter is not checked", ":9:60"),
            ] {
                #expect(output.out.contains(loss), "\(loss) in \(output)")
                #expect(output.out.contains("petstore.yaml" + place), "\(place) in \(output)")
            }
            #expect(!output.out.contains("`xml` of a schema"), "a property is no word of schemas: \(output)")
            #expect(try repository.read("apis/pet-store.openapi.yaml") == Self.petstore)
            let valid = try await repository.gatewright("validate")
            #expect(valid.status == 0, "\(valid)")
            try repository.write(".gitignore", ".gatewright/\n")
            try await repository.start()
            try await repository.apply()
            try await repository.expectConverged()
        }

        @Test(
            "an API is exported as the commit wants it and as the target has it, and imported again",
            arguments: [
                "oas30", "oas20",
            ])
        func roundTrip(_ format: String) async throws {
            let repository = try Repository(files: ["petstore.yaml": Self.petstore, ".gitignore": ".gatewright/\n"])
            _ = try await repository.gatewright(
                "import", "--from", "openapi", "petstore.yaml", "--base-path", "prepend")
            try await repository.start()
            try await repository.apply()
            var texts: [String] = []
            for origin in ["desired", "live"] {
                let output = try await repository.gatewright(
                    "export", "RestApi/pet-store", "--from", origin, "--format", format)
                #expect(output.status == 0, "\(output)")
                #expect(output.err.contains("the type of the endpoint"), "\(output)")
                texts.append(output.out)
            }
            #expect(texts[0] == texts[1])
            #expect(texts[0].contains("  /v1/pets:\n"), "\(texts[0])")
            try repository.write("exported.yaml", texts[0])
            let again = try await repository.gatewright(
                "import", "--from", "openapi", "exported.yaml", "--name", "pet-store", "--force")
            #expect(again.status == 0, "\(again)")
            try await repository.commit("Import what was exported")
            try await repository.expectConverged()
        }

        @Test("a file is never written over by accident")
        func noOverwriting() async throws {
            let repository = try Repository(files: ["petstore.yaml": Self.petstore, "apis/pet-store.yaml": "# mine\n"])
            try await repository.expectFailure(
                "import", "--from", "openapi", "petstore.yaml", status: 1, says: "command.file-exists",
                "apis/pet-store.yaml")
            #expect(try repository.read("apis/pet-store.yaml") == "# mine\n")
            #expect(throws: (any Error).self) { try repository.read("gatewright.yaml") }
            let forced = try await repository.gatewright("import", "--from", "openapi", "petstore.yaml", "--force")
            #expect(forced.status == 0, "\(forced)")
            try await repository.start()
            try repository.write("out.json", "{}")
            try await repository.expectFailure(
                "export", "RestApi/pet-store", "--out", "out.json", status: 1, says: "command.file-exists")
            let written = try await repository.gatewright("export", "RestApi/pet-store", "--out", "out.json", "--force")
            #expect(written.status == 0, "\(written)")
            #expect(try repository.read("out.json").hasPrefix("{\n  \"openapi\": \"3.0.1\""))
        }

        @Test(
            "what cannot be imported is refused with its place, and nothing is written",
            arguments: [
                ("openapi: 3.1.0\ninfo: { title: a }\npaths: {}\n", "openapi.unsupported-version", "bad.yaml:1:10"),
                ("- a\n", "openapi.invalid-document", "bad.yaml:1:1"), ("a: [\n", "yaml.", "bad.yaml:"),
                (
                    "openapi: 3.0.1\ninfo: { title: a }\npaths: { /a: { get: {} } }\n", "openapi.missing-integration",
                    "bad.yaml:3:16"
                ),
                (
                    "openapi: 3.0.1\ninfo: { title: '${var.name}' }\npaths: {}\n", "manifest.unset-variable",
                    "apis/var-name.openapi.yaml:2:16"
                ),
            ])
        func refused(_ document: String, _ code: String, _ place: String) async throws {
            let repository = try Repository(files: ["bad.yaml": document])
            let output = try await repository.gatewright("import", "--from", "openapi", "bad.yaml")
            #expect(output.status == 1, "\(output)")
            #expect(output.all.contains(code) && output.all.contains(place), "\(output)")
            #expect(output.err.contains("nothing was written"), "\(output)")
            #expect(throws: (any Error).self) { try repository.read("gatewright.yaml") }
        }

        @Test("other kinds of documents, missing files and unknown APIs are named")
        func named() async throws {
            let repository = try await Repository.hello()
            for kind in ["cloudformation", "sam"] {
                try await repository.expectFailure(
                    "import", "--from", kind, "template.yaml", status: 1, says: "command.import-not-offered", kind)
            }
            try await repository.expectFailure(
                "import", "--from", "openapi", "gone.yaml", status: 1, says: "command.file-missing", "gone.yaml")
            try await repository.expectFailure(
                "export", "RestApi/helo", status: 1, says: "command.unknown-object", "`RestApi/hello`")
            try await repository.expectFailure("export", "Stage/hello test", status: 1, says: "RestApi/NAME")
            let output = try await repository.gatewright("export", "RestApi/hello", "--from", "live")
            #expect(
                output.status == 1 && output.err.contains("the target of `dev` has no `RestApi/hello`"), "\(output)")
        }

        @Test("what the engine cannot serve is imported with a warning, and a folder that nobody lists is pointed out")
        func warnings() async throws {
            let secured =
                Self.petstore.replacingOccurrences(
                    of: "      deprecated: true\n", with: "      security: [{ key: [] }]\n"
                ) + """
                    securityDefinitions: { key: { type: apiKey, name: x-api-key, in: header } }
                    x-amazon-apigateway-api-key-source: AUTHORIZER

                    """
            let repository = try Repository(files: ["petstore.yaml": secured])
            let output = try await repository.gatewright(
                "import", "--from", "openapi", "petstore.yaml", "--name", "pets", "--stage", "live")
            #expect(output.status == 0, "\(output)")
            #expect(output.out.contains("warning[data-plane.authorization-not-enforceable]"), "\(output)")
            #expect(try repository.read("apis/pets.yaml").contains("    live: {}\n"))
            let other = try await repository.gatewright(
                "import", "--from", "openapi", "petstore.yaml", "--name", "other", "--folder", "more")
            #expect(other.status == 0 && other.err.contains("no environment of"), "\(other)")
        }

        @Test("the endpoint's type moves from the document to the manifest")
        func endpointType() async throws {
            let document = Self.petstore + "x-amazon-apigateway-endpoint-configuration: { types: [REGIONAL] }\n"
            let repository = try Repository(files: ["petstore.yaml": document])
            let output = try await repository.gatewright("import", "--from", "openapi", "petstore.yaml")
            #expect(output.status == 0, "\(output)")
            #expect(try repository.read("apis/pet-store.yaml").contains("types:\n      - REGIONAL\n"))
            #expect(try !repository.read("apis/pet-store.openapi.yaml").contains("endpoint-configuration"))
            #expect(try await repository.gatewright("validate").status == 0)
        }
    }
}
