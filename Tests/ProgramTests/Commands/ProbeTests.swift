import Foundation
import Testing

extension Acceptance {
    /// After a flip the stage is asked before the apply is over.
    @Suite struct ProbeTests {
        /// The API `hello` with these elements of `spec.apply.probes`, and an environment that is not committed yet.
        static func probing(_ probes: String) async throws -> Repository {
            let repository = try await Repository.hello()
            try setProbes(probes, in: repository)
            try await repository.commit("Ask the stage")
            return repository
        }

        /// Not committed.
        static func setProbes(_ probes: String, in repository: Repository) throws {
            let text = try repository.read("gatewright.yaml")
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter {
                !$0.hasPrefix("  apply:")
            }
            let at = try #require(lines.firstIndex { $0.hasPrefix("spec:") })
            let new = lines[...at] + ["  apply: { probes: [\(probes)] }"] + lines[(at + 1)...]
            try repository.write("gatewright.yaml", new.joined(separator: "\n"))
        }

        @Test("a good answer of the real stage lets the apply end, and the question is shown")
        func good() async throws {
            let repository = try await Self.probing("{ path: /hello }, { path: /no-such-path, expect: [403] }")
            let output = try await repository.gatewright("apply", "--yes")
            #expect(output.status == 0, "\(output)")
            #expect(output.err.contains("hello test, GET /hello: answered 200"), "\(output)")
            #expect(output.err.contains("hello test, GET /no-such-path: answered 403"), "\(output)")
        }

        @Test("without a rule, the stage is asked whether its deployment is compiled and served")
        func byDefault() async throws {
            let repository = try await Repository.hello()
            let output = try await repository.gatewright("apply", "--yes")
            #expect(output.status == 0, "\(output)")
            #expect(
                output.err.contains("hello test, whether it serves its deployment: serves the deployment"), "\(output)")
        }

        @Test("a bad answer puts everything back, and the next commit applies")
        func bad() async throws {
            let repository = try await Self.probing("{ path: /hello, expect: [204], attempts: 2, intervalSeconds: 1 }")
            let refused = try await repository.gatewright("apply", "--yes")
            #expect(refused.status == 6, "\(refused)")
            #expect(refused.err.contains("error[applying.probe-failed]"), "\(refused)")
            #expect(
                refused.err.contains("asked `GET /hello`, 2 times in a row: the answer was 200, expected 204"),
                "\(refused)")
            #expect(refused.err.contains("equal: the target is as it was"), "\(refused)")
            try Self.setProbes("{ path: /hello }", in: repository)
            try await repository.commit("Expect what it answers")
            let applied = try await repository.gatewright("apply", "--yes")
            #expect(applied.status == 0, "\(applied)")
        }

        @Test("`--on-failure hold` leaves the stage flipped for a look")
        func hold() async throws {
            let repository = try await Self.probing("{ path: /hello, expect: [204], attempts: 1 }")
            let output = try await repository.gatewright("apply", "--yes", "--on-failure", "hold")
            #expect(output.status == 1 && output.err.contains("held"), "\(output)")
        }
    }
}
