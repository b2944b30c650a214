import Glibc
import Testing

extension Acceptance {
    /// Two at once, and one that is killed.
    @Suite struct ConcurrentApplyTests {
        @Test("two applies at once: one writer, and nothing is there twice", arguments: [true, false])
        func twoApplies(withEngine: Bool) async throws {
            let repository = try await Repository.hello()
            try repository.addAPIs(15)
            try await repository.commit("Many")
            var engine = withEngine ? try await Server.engine(repository) : nil
            let programs = try (0..<2).map { _ in
                try Program("gatewright", ["apply", "--yes"], in: repository.folder, repository.workspace)
            }
            var outputs: [Output] = []
            for program in programs { outputs.append(try await program.end()) }
            #expect(outputs.contains { $0.status == 0 }, "\(outputs)")
            for output in outputs where output.status != 0 {
                // 8: the other one is at it; 4: it was done between this one's plan and its first write.
                try await repository.expectFailure(output, status: output.status == 4 ? 4 : 8)
            }
            try await repository.expectConverged()
            if engine == nil { engine = try await Server.engine(repository) }
            let expected = ["hello"] + (1...15).map { "hello\($0)" }
            #expect(try await repository.namesOfAPIs(on: #require(engine)) == expected.sorted())
        }

        @Test("commands that find the engine open wait for it, also beside the socket of a killed server")
        func busyEngine() async throws {
            let repository = try await Repository.hello()
            let killed = try await Server.engine(repository)
            try await killed.stop(SIGKILL)
            for _ in 0..<5 {
                let programs = try (0..<3).map { _ in
                    try Program("gatewright", ["plan", "--refresh"], in: repository.folder, repository.workspace)
                }
                for program in programs {
                    let output = try await program.end()
                    #expect(output.status == 0, "\(output)")
                }
            }
        }

        @Test("an apply that is killed with -9 in the middle converges with the next one")
        func killed() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            var killedCount = 0
            for round in 1...6 {
                try repository.addAPIs(round * 5)
                try repository.greet("Ahoy\(round)")
                try await repository.commit("Round \(round)")
                let program = try Program(
                    "gatewright", ["apply", "--yes"], in: repository.folder, repository.workspace)
                try await until("the apply to be under way", pause: .milliseconds(2)) {
                    // Progress is told on standard error, step by step: each round is killed a little later.
                    let lines = program.output.err.split(separator: "\n").count
                    return (lines >= round * 3 || !program.isRunning ? () : nil, program.output.all)
                }
                program.signal(SIGKILL)
                if try await program.end().status == 128 + SIGKILL { killedCount += 1 }
                try await repository.apply()
                try await repository.expectConverged()
            }
            #expect(killedCount > 0, "no round was killed in the middle")
            let engine = try await Server.engine(repository)
            let expected = ["hello"] + (1...30).map { "hello\($0)" }
            #expect(try await repository.namesOfAPIs(on: engine) == expected.sorted())
        }

        @Test("an apply that is interrupted exits with 130, and the next one converges")
        func interrupted() async throws {
            let repository = try await Repository.hello()
            try repository.addAPIs(60)
            try await repository.commit("Many")
            let program = try Program("gatewright", ["apply", "--yes"], in: repository.folder, repository.workspace)
            try await until("the apply to be under way", pause: .milliseconds(2)) {
                let lines = program.output.err.split(separator: "\n").count
                return (lines >= 3 || !program.isRunning ? () : nil, program.output.all)
            }
            program.signal(SIGINT)
            let output = try await program.end()
            #expect(output.status == 130, "\(output)")
            try await repository.apply()
            try await repository.expectConverged()
        }
    }
}
