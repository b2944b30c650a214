import Foundation
import Testing

extension Acceptance.MotoTests {
    @Test("what a CORS rule makes is at rest after an apply, a change of the rule, a rollback and its removal")
    func cors() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await Repository.example("cors", in: workspace)
        try repository.replace(
            "gatewright.yaml", "target: { engine: {} }",
            by: "target: { aws: { region: us-east-1, accountId: \"123456789012\", endpoint: \"\(moto.url)\" } }")
        try await repository.commit("Go to another target")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)

        try repository.replace("apis/pets.yaml", "http://localhost:3000", by: "http://localhost:4000")
        try await repository.commit("Move a site")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        try await succeed(repository, "rollback", "1", "--yes")
        try await succeed(repository, "drift")
        try await succeed(repository, "resume")

        let text = try repository.read("apis/pets.yaml")
        let rule = try #require(text.firstRange(of: "  cors:\n"))
        let stages = try #require(text.firstRange(of: "  stages:\n"))
        try repository.write(
            "apis/pets.yaml", String(text[..<rule.lowerBound] + text[stages.lowerBound...]))
        try await repository.commit("Close the API to other sites")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
    }
}
