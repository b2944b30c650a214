import JSON
import Testing

extension Acceptance {
    /// `examples/environments`, as its README says.
    @Suite struct EnvironmentsTests {
        @Test("three environments of one repository are served, each with its patches and variables")
        func walkthrough() async throws {
            let repository = try await Repository.example("environments")
            for name in ["dev", "staging", "prod"] {
                let valid = try await repository.gatewright("validate", "--environment", name)
                #expect(valid.status == 0 && valid.out.contains("`\(name)`"), "\(valid)")
            }
            try await repository.expectFailure("plan", status: 1, says: "dev", "staging", "prod", "--environment")
            let server = try await Server.serve(repository)
            #expect(try await repository.namesOfAPIs(on: server) == ["shop-dev", "shop-prod", "shop-staging"])
            for (name, tier, debug) in [
                ("dev", "bronze", Int32(200)), ("staging", "silver", 200), ("prod", "gold", 403),
            ] {
                let shown = try await repository.gatewright("show", "RestApi/shop", "--environment", name)
                let words = shown.out.split(whereSeparator: \.isWhitespace).map(String.init)
                let url = try #require(words.first { $0.hasPrefix("http://") && $0.hasSuffix("/test") }, "\(shown)")
                let answer = try await Site(url: url, workspace: repository.workspace).get("/debug")
                #expect(Int32(answer.status) == debug, "\(answer.text)")
                if debug == 200 { #expect(answer.body.contains(name), "\(answer.text)") }
                let stage = try await repository.gatewright("show", "Stage/shop test", "--environment", name)
                #expect(stage.out.contains(tier), "\(stage)")
            }

            try repository.write(
                "patches/prod.yaml", try repository.read("patches/prod.yaml").replacing("500", with: "600"))
            let commit = try await repository.commit("Raise the limit")
            try await server.eventually("the new limit") {
                let answer = try await server.controller("/status")
                let statuses = try JSONValue(parsing: Array(answer.body.utf8))["environments"]?.array ?? []
                return (
                    statuses.count == 3
                        && statuses.allSatisfy { $0["state"] == "ready" && $0["appliedCommit"]?.string == commit },
                    answer.text
                )
            }
            for (name, plans) in [("dev", 1), ("staging", 1), ("prod", 2)] {
                let status = try JSONValue(parsing: Array(try await server.controller("/status/\(name)").body.utf8))
                #expect(status["counters"]?["plans"]?.int == plans, "\(status.text(.pretty))")
            }
        }
    }
}
