import Foundation
import JSON
import Testing

extension Acceptance {
    /// A target that is not what the recorded state says.
    @Suite struct ChangedTargetTests {
        @Test(
            "another target under the same name is refused, and never counts as unchanged",
            arguments: ["plan", "apply"])
        func otherTarget(_ command: String) async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try repository.replace(
                "gatewright.yaml", "target: { engine: {} }",
                by: "target: { engine: { endpoint: \"http://127.0.0.1:9\" } }")
            try await repository.commit("Another engine")
            try await repository.expectFailure(
                command, status: 4, says: "reconciling.target-changed", "http://127.0.0.1:9")
        }

        @Test("an engine that keeps nothing is filled again at the next start")
        func inMemory() async throws {
            let repository = try await Repository.hello()
            for _ in 1...2 {
                let server = try await Server.serve(repository, "--in-memory")
                try await server.eventually("the commit to be live") {
                    let status = try await server.status()
                    return (status["appliedRevision"]?.int == 1, "\(status)")
                }
                try await server.stop()
            }
        }

        @Test(
            "what somebody made by hand is stale for an apply, until one reads the target first",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func madeByHand() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let server = try await Server.engine(repository)
            let shown = try await repository.gatewright("show", "RestApi/hello")
            let words = shown.out.split(whereSeparator: \.isWhitespace).map(String.init)
            let id = words[try #require(words.firstIndex(of: "id")) + 1]
            _ = try await server.aws(
                "apigateway", "create-model", "--rest-api-id", id, "--name", "Hand", "--content-type",
                "application/json", "--schema", "{}")
            let text = try repository.read("apis/hello.openapi.yaml")
            try repository.write(
                "apis/hello.openapi.yaml", text.replacing("Hello from stage", with: "Hi from stage"))
            try await repository.commit("Hi")
            for _ in 1...2 {
                try await repository.expectFailure(
                    "apply", "--yes", status: 4, says: "apply --refresh", "Model/hello Hand")
            }
            let output = try await repository.gatewright("apply", "--yes", "--refresh")
            #expect(output.status == 0 && output.out.contains("revision 2"), "\(output)")
            try await repository.expectConverged()
            try await server.stop()
        }
    }
}
