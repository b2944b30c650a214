import Foundation
import Testing

extension Acceptance {
    /// What the README of every example with one environment says of `validate`, `plan`, `apply` and `show`.
    @Suite struct ExampleTests {
        static let names: [String] = {
            do {
                return try FileManager.default.contentsOfDirectory(atPath: Repository.project + "/examples").filter {
                    $0 != "environments"
                        && FileManager.default.fileExists(
                            atPath: Repository.project + "/examples/\($0)/gatewright.yaml")
                }.sorted()
            } catch {
                return []
            }
        }()

        @Test("there are examples") func some() { #expect(Self.names.count >= 3) }

        @Test("the commands of an example's README say what it promises", arguments: names)
        func readme(_ name: String) async throws {
            let repository = try await Repository.example(name)
            let readme = try repository.read("README.md")
            let promised = try #require(readme.firstMatch(of: /\| `gatewright plan` \| `(dev: [^`]*create[^`]*)`/)?.1)
            let api = readme.firstMatch(of: /gatewright show (RestApi\/[a-z-]+)/)?.1
            let hasConfiguration = FileManager.default.fileExists(
                atPath: repository.folder + "/gatewright.conf.yaml")
            let server =
                hasConfiguration
                ? try await Server.engine(repository, "--config", "gatewright.conf.yaml")
                : try await Server.engine(repository)
            let valid = try await repository.gatewright("validate")
            #expect(valid.status == 0, "\(valid)")
            let objects = try #require(readme.firstMatch(of: /`` (valid: environment `dev`: \d+ objects) ``/)?.1)
            #expect(valid.all.contains(objects), "no `\(objects)` in \(valid)")
            let plan = try await repository.gatewright("plan")
            #expect(plan.status == 0 && plan.out.contains(promised), "no `\(promised)` in \(plan)")
            let applied = try await repository.gatewright("apply", "--yes")
            #expect(applied.status == 0, "\(applied)")
            let again = try await repository.gatewright("plan")
            #expect(again.status == 0 && again.out.contains("dev: no changes"), "\(again)")
            guard let api else { return }
            let shown = try await repository.gatewright("show", String(api))
            let data = try server.address("data")
            #expect(shown.out.contains("http://\(data)/") && shown.out.contains("/test\n"), "\(shown)")
        }
    }
}
