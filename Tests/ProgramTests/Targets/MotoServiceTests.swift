import Testing

/// Walkthrough 5 on an endpoint that is neither AWS nor an engine.
extension Acceptance.MotoTests {
    private func topics(_ moto: Moto, in workspace: Workspace) async throws -> Repository {
        let repository = try await Repository.example("aws-service", in: workspace)
        try repository.replace(
            "gatewright.yaml", "target: { engine: {} }",
            by: "target: { aws: { region: us-east-1, accountId: \"123456789012\", endpoint: \"\(moto.url)\" } }")
        try await repository.commit("Go elsewhere")
        return repository
    }

    @Test(
        "A5.6: a deployment says there what the manifest says; what the endpoint cannot change, the state keeps",
        .enabled(if: Program.isInstalled("aws")))
    func deploymentDescription() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await topics(moto, in: workspace)
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        let api = try await aws(repository, moto, "get-rest-apis", "--query", "items[0].id")
        func descriptions() async throws -> String {
            try await aws(
                repository, moto, "get-deployments", "--rest-api-id", api, "--query", "items[].description")
        }
        let text = "Calling AWS service proxy walkthrough"
        #expect(try await descriptions().hasPrefix(text + " [gatewright "))

        try repository.replace("apis/topics.yaml", text, by: "Lists topics")
        try await repository.commit("Say it shorter")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        #expect(try await !descriptions().contains("\t"), "no deployment is cut")

        try repository.replace("apis/topics.openapi.yaml", "when_no_match", by: "never")
        try await repository.commit("Pass nothing")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        #expect(try await descriptions().contains("Lists topics [gatewright "))
    }

    @Test("A5.5: there too the method goes first, then the attachment, then the role and the policy")
    func deletionOrder() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await topics(moto, in: workspace)
        try await succeed(repository, "apply", "--yes")
        let destroyed = try await gatewright(repository, "destroy", "--yes")
        #expect(destroyed.status == 0, "\(destroyed)")
        let lines = destroyed.all.split(separator: "\n").map { $0.drop { $0 == " " } }
        let places = try ["DeleteRestApi", "DetachRolePolicy", "DeleteRole", "DeletePolicy"].map { step in
            try #require(lines.firstIndex { $0.hasPrefix(step) && $0.hasSuffix("done") }, "\(step): \(destroyed)")
        }
        #expect(places == places.sorted(), "\(destroyed)")
    }
}
