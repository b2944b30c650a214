import Foundation
import JSON
import Testing

extension Acceptance {
    /// `spec.cors` from a commit to what scripts of browsers may do.
    @Suite struct CORSTests {
        private static let shop = "https://shop.example"

        @Test("scripts of listed sites read answers and errors, those of others neither, and preflights ask no backend")
        func browsers() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("cors", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository)
            let site = try await server.site("pets")
            let json = ["Content-Type": "application/json"]
            let dog = #"{"type":"dog","price":249.99}"#

            for origin in [Self.shop, "http://localhost:3000"] {
                for writesLowercase in [false, true] {
                    let browser = Browser(origin: origin, site: site, writesLowercase: writesLowercase)
                    let pets = try await browser.fetch("/pets")
                    #expect(pets.status == 200 && pets.body?.contains("249.99") == true, "\(pets)")
                    let posted = try await browser.fetch("/pets", "POST", headers: json, body: dog)
                    #expect(posted.body?.contains("success") == true, "\(posted)")
                    let refused = try await browser.fetch("/pets", "POST", headers: json, body: "no JSON")
                    #expect(
                        refused.status == 400 && refused.body?.contains("no pet was taken in") == true, "\(refused)")
                    #expect(try await browser.fetch("/pets", "PUT", headers: json).isRefused)
                    #expect(try await browser.fetch("/pets", headers: ["X-Other": "1"]).isRefused)
                    let order = try await browser.fetch("/orders", "POST", headers: json, body: dog)
                    #expect(order == .response(403, #"{"message":"Forbidden"}"#, ["content-type": "application/json"]))
                    #expect(try await browser.fetch("/nowhere").status == 403)
                    #expect(try await browser.fetch("/internal").isRefused)
                }
            }
            for origin in ["https://other.example", "http://shop.example", "https://shop.example:8443", "null"] {
                let browser = Browser(origin: origin, site: site)
                #expect(try await browser.fetch("/pets").isRefused, "\(origin)")
                #expect(try await browser.fetch("/pets", "POST", headers: json, body: dog).isRefused, "\(origin)")
                #expect(try await browser.fetch("/health").body == #"{"status": "well"}"#, "\(origin)")
            }
            let stranger = try await site.get("/pets", "-H", "Origin: https://other.example")
            #expect(stranger.status == 200 && stranger.header("Vary") == "Origin", "\(stranger.text)")
            // A parameter of that name is no header.
            let trick = try await site.get("/pets?origin=https://shop.example", "-H", "Origin: https://other.example")
            #expect(trick.header("Access-Control-Allow-Origin") == nil, "\(trick.text)")

            let asked = try await backend.requests
            for path in ["/pets", "/orders", "/health"] {
                let options = try await site.get(
                    path, "-X", "OPTIONS", "-H", "Origin: \(Self.shop)", "-H", "Access-Control-Request-Method: GET")
                #expect(options.status == 204 && options.body.isEmpty, "\(options.text)")
            }
            let bare = try await site.get("/pets", "-X", "OPTIONS")
            #expect(bare.status == 204, "\(bare.text)")
            #expect(bare.header("Access-Control-Allow-Origin") == nil, "\(bare.text)")
            #expect(bare.header("Access-Control-Allow-Methods") == "GET,OPTIONS,POST", "\(bare.text)")
            #expect(bare.header("Access-Control-Max-Age") == "600", "\(bare.text)")
            #expect(try await backend.requests == asked)
            try await backend.stop()
            let unreachable = try await Browser(origin: Self.shop, site: site).fetch("/pets")
            #expect(unreachable.status == 504 || unreachable.status == 500, "\(unreachable)")
        }

        private static let definition = """
            openapi: 3.0.1
            info: { title: pets, version: "1" }
            x-amazon-apigateway-cors: CORS
            paths:
              /pets:
                get:
                  responses: { "200": { description: pets } }
                  x-amazon-apigateway-integration:
                    type: http
                    httpMethod: GET
                    uri: BACKEND/petstore/pets
                    responses: { default: { statusCode: "200" } }
              /echo:
                x-amazon-apigateway-any-method:
                  x-amazon-apigateway-integration: { type: http_proxy, httpMethod: GET, uri: BACKEND/__echo }

            """

        private func repository(_ cors: String, _ backend: String, in workspace: Workspace) async throws -> Repository {
            let files = [
                ".gitignore": ".gatewright/\n",
                "gatewright.yaml": """
                apiVersion: gatewright/v1
                kind: Environment
                metadata: { name: dev }
                spec: { manifests: [apis], target: { engine: {} } }

                """,
                "apis/pets.yaml": """
                apiVersion: gatewright/v1
                kind: RestApi
                metadata: { name: pets }
                spec: { definition: { file: pets.openapi.yaml }, stages: { test: {} } }

                """,
                "apis/pets.openapi.yaml": Self.definition.replacing("CORS", with: cors).replacing(
                    "BACKEND", with: backend),
            ]
            let repository = try Repository(files: files, in: workspace)
            try await repository.start()
            return repository
        }

        @Test("the extension with credentials serves its one site, and a change of it is a change of what is served")
        func credentials() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await repository(
                "{ allowOrigins: [\(Self.shop)], allowCredentials: true, allowHeaders: [Authorization], "
                    + "exposeHeaders: [x-amzn-requestid] }", backend.url, in: workspace)
            let server = try await Server.engine(repository)
            let valid = try await repository.gatewright("validate")
            #expect(
                valid.status == 0 && (valid.out + valid.err).contains("`ANY /echo` passes its backend's answer"),
                "\(valid)")
            try await repository.apply()
            let site = try await server.site("pets")
            let browser = Browser(origin: Self.shop, site: site, hasCredentials: true)
            let pets = try await browser.fetch("/pets", headers: ["Authorization": "Bearer a"])
            #expect(pets.status == 200 && pets.headers["x-amzn-requestid"] != nil, "\(pets)")
            #expect(try await browser.fetch("/nowhere").status == 403)
            let other = Browser(origin: "https://other.example", site: site, hasCredentials: true)
            #expect(try await other.fetch("/pets").isRefused)
            #expect(try await other.fetch("/nowhere").isRefused)
            // The backend of the proxy sends no headers, as the note says.
            #expect(try await browser.fetch("/echo").isRefused)
            #expect(try await browser.fetch("/echo", "DELETE").isRefused)

            let again = try await repository.gatewright("plan", "--refresh", "--detailed-exitcode")
            #expect(again.status == 0, "\(again)")
            let drift = try await repository.gatewright("drift")
            #expect(drift.status == 0, "\(drift)")
            try repository.replace("apis/pets.openapi.yaml", Self.shop, by: "https://new.example")
            try await repository.commit("Move the shop")
            let plan = try await repository.gatewright("plan")
            #expect(plan.out.contains("1 stage flips"), "\(plan)")
            try await repository.apply()
            #expect(try await browser.fetch("/pets").isRefused)
            let moved = Browser(origin: "https://new.example", site: site, hasCredentials: true)
            #expect(try await moved.fetch("/pets").status == 200)
        }

        @Test("a rule that no browser would follow is refused with its line, and nothing of it is applied")
        func refused() async throws {
            let workspace = try Workspace()
            let repository = try await repository(
                "{ allowOrigins: ['*'], allowCredentials: true }", "http://127.0.0.1:1", in: workspace)
            for command in ["validate", "plan"] {
                let output = try await repository.gatewright(command)
                #expect(output.status != 0, "\(output)")
                #expect((output.out + output.err).contains("openapi.invalid-cors"), "\(output)")
                #expect((output.out + output.err).contains("apis/pets.openapi.yaml:3:"), "\(output)")
                #expect(
                    (output.out + output.err).contains("list the origins that may send cookies and keys"), "\(output)")
            }
        }
    }
}
