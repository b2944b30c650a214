import JSON
import Testing

extension Acceptance {
    /// `serve` with several environments in one repository.
    @Suite struct FleetTests {
        private func twoEnvironments() async throws -> Repository {
            let repository = try await Repository.hello()
            let text = try repository.read("gatewright.yaml")
            let other = text.replacing("name: dev", with: "name: prod").replacing("[apis]", with: "[prod]")
            try repository.write("gatewright.yaml", text + "---\n" + other)
            for file in ["hello.yaml", "hello.openapi.yaml"] {
                let text = try repository.read("apis/\(file)").replacing("name: hello", with: "name: hallo")
                try repository.write("prod/\(file)", text)
            }
            try await repository.commit("Add prod")
            return repository
        }

        private func status(_ server: Server, _ environment: String) async throws -> JSONValue {
            let answer = try await server.controller("/status/\(environment)")
            return try JSONValue(parsing: Array(answer.body.utf8))
        }

        @Test("all environments are served, and a bad one and a vanished one leave the others alone")
        func several() async throws {
            let repository = try await twoEnvironments()
            let server = try await Server.serve(repository)
            #expect(try await repository.namesOfAPIs(on: server) == ["hallo", "hello"])

            try repository.replace("prod/hello.yaml", "kind: RestApi", by: "kind: RestAPI")
            let bad = try await repository.commit("Break prod")
            try await server.eventually("prod to be refused and dev ready") {
                let (prod, dev) = (try await status(server, "prod"), try await status(server, "dev"))
                return (
                    prod["state"] == "refused" && dev["state"] == "ready" && dev["appliedCommit"]?.string == bad,
                    prod.text(.pretty) + dev.text(.pretty)
                )
            }
            #expect(try await status(server, "dev")["counters"]?["plans"]?.int == 1)
            #expect(try await server.controller("/readyz").status == 200)

            let text = try repository.read("gatewright.yaml")
            let end = try #require(text.firstRange(of: "---\n"))
            try repository.write("gatewright.yaml", String(text[..<end.lowerBound]))
            try await repository.commit("Remove prod")
            try await server.eventually("prod to have vanished") {
                let prod = try await status(server, "prod")
                return (prod["state"] == "vanished", prod.text(.pretty))
            }
            #expect(try await repository.namesOfAPIs(on: server) == ["hallo", "hello"])
            let metrics = try await server.controller("/metrics").text
            #expect(metrics.contains(#"gatewright_reconciling_environments_count{state="vanished"} 1"#), "\(metrics)")
            #expect(try await server.controller("/status/nowhere").status == 404)
        }

        @Test("the controller plans the environment that is asked for, and serves those that it was started for")
        func plans() async throws {
            let repository = try await twoEnvironments()
            let server = try await Server.serve(repository, "--environment", "prod")
            #expect(try await repository.namesOfAPIs(on: server) == ["hallo"])
            let url = "http://" + (try server.address("controller"))
            let own = try await repository.gatewright("plan", "--server", url, "--environment", "prod")
            #expect(own.status == 0 && own.out.contains("prod"), "\(own)")
            let other = try await repository.gatewright("plan", "--server", url, "--environment", "dev")
            try await repository.expectFailure(other, status: 1, says: ["reconciling.unknown-environment", "dev"])
        }

        @Test("a repository without any environment is refused before anything is served")
        func none() async throws {
            let repository = try Repository(files: ["README.md": "nothing"])
            try await repository.start()
            try await repository.expectFailure(
                "serve", "--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0", "--data-listen",
                "127.0.0.1:0", status: 1, says: "command.environment-needed", "gatewright.yaml")
        }
    }
}
