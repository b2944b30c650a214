import Foundation
import JSON
import Testing

extension Acceptance {
    /// Keys and usage plans in manifests, their secrets from elsewhere.
    @Suite struct DeclaredKeyTests {
        private static let first = "first-secret-of-twenty-characters"
        private static let second = "second-secret-of-twenty-characters"

        private static let clients = """
            apiVersion: gatewright/v1
            kind: ApiKey
            metadata: { name: partner }
            spec:
              enabled: true
              value: { valueFrom: { file: partner.key } }
            ---
            apiVersion: gatewright/v1
            kind: UsagePlan
            metadata: { name: gold }
            spec:
              apiStages: [{ apiId: "${RestApi/hello.id}", stage: test }]
              keys: ["${ApiKey/partner.id}"]
            ---
            apiVersion: gatewright/v1
            kind: DomainName
            metadata: { name: api.example.com }
            spec:
              endpointConfiguration: { types: [REGIONAL] }
              basePathMappings:
                (none): { restApiId: "${RestApi/hello.id}", stage: test }
            """

        /// `hello` with a route that needs a key, and a client's key in a folder of secrets.
        private static func repository() async throws -> Repository {
            let repository = try await Repository.hello()
            let folder = try repository.workspace.folder("secrets")
            try (first + "\n").write(toFile: folder + "/partner.key", atomically: true, encoding: .utf8)
            try repository.write(".gatewright/gatewright.conf.yaml", "secrets: { dir: \(folder) }\n")
            try repository.write("apis/clients.yaml", clients)
            try repository.replace(
                "apis/hello.openapi.yaml", "operationId: GetHello",
                by: "operationId: GetHello\n      security: [{ api_key: [] }]")
            let definition = try repository.read("apis/hello.openapi.yaml")
            try repository.write(
                "apis/hello.openapi.yaml",
                definition + "\ncomponents:\n  securitySchemes:\n"
                    + "    api_key: { type: apiKey, name: x-api-key, in: header }\n")
            try await repository.commit("Ask for a key")
            return repository
        }

        /// No file of the data directory, the databases and their logs included, and nothing that was printed.
        private func expectNowhere(_ secret: String, _ repository: Repository, _ outputs: [Output]) throws {
            let folder = repository.folder + "/.gatewright"
            let files = try #require(FileManager.default.enumerator(atPath: folder))
            var count = 0
            for case let name as String in files {
                guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
                count += 1
                #expect(data.range(of: Data(secret.utf8)) == nil, "\(name) has the secret")
            }
            #expect(count > 3)
            for output in outputs { #expect(!output.all.contains(secret), "\(output)") }
        }

        @Test("a declared key opens its stage, a rotation replaces it, and its text is nowhere")
        func keys() async throws {
            let repository = try await Self.repository()
            var outputs = [try await repository.gatewright("validate"), try await repository.gatewright("plan")]
            outputs.append(try await repository.gatewright("apply", "--yes", "--log-level", "trace"))
            #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
            try await repository.expectConverged()
            let path = "/hello"
            let header = ["--header", "x-api-key: \(Self.first)"]
            let engine = try await Server.engine(repository)
            let site = try await engine.site("hello")
            #expect(try await site.get(path).status == 403)
            #expect(try await site.get(path, header).status == 200)
            try await engine.stop()

            let secrets = repository.workspace.path + "/secrets/partner.key"
            try Self.second.write(toFile: secrets, atomically: true, encoding: .utf8)
            let plan = try await repository.gatewright("plan")
            #expect(plan.out.contains("the secret of `value` was rotated"), "\(plan)")
            outputs += [plan, try await repository.gatewright("apply", "--yes")]
            #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
            try await repository.expectConverged()
            let again = try await Server.engine(repository)
            let other = try await again.site("hello")
            #expect(try await other.get(path, header).status == 403)
            #expect(try await other.get(path, ["--header", "x-api-key: \(Self.second)"]).status == 200)
            outputs.append(try await repository.gatewright("state", "list"))
            outputs.append(try await repository.gatewright("show", "ApiKey/partner"))
            try expectNowhere(Self.first, repository, outputs + [again.program.output])
            try expectNowhere(Self.second, repository, outputs + [again.program.output])
            try await again.stop()
        }

        @Test("a secret that cannot be read stops an apply before its first write, and a plan says it")
        func missing() async throws {
            let repository = try await Self.repository()
            try FileManager.default.removeItem(atPath: repository.workspace.path + "/secrets/partner.key")
            let plan = try await repository.gatewright("plan")
            #expect(plan.status == 0 && plan.all.contains("planning.secret-unread"), "\(plan)")
            try await repository.expectFailure("apply", "--yes", status: 1, says: "reconciling.secret-missing")
            let list = try await repository.gatewright("state", "list")
            #expect(!list.out.contains("RestApi/hello"), "\(list)")
        }

        @Test("a secret in a manifest is refused, and not repeated")
        func plain() async throws {
            let repository = try await Self.repository()
            try repository.replace(
                "apis/clients.yaml", "{ valueFrom: { file: partner.key } }", by: Self.first)
            let refused = try await repository.expectFailure("validate", status: 1, says: "manifest.plain-secret")
            #expect(!refused.all.contains(Self.first), "\(refused)")
        }
    }
}
