import Foundation
import JSON
import Testing

extension Acceptance {
    @Suite struct BackupTests {
        private func remove(_ path: String) throws {
            for ending in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + ending) {
                try FileManager.default.removeItem(atPath: path + ending)
            }
        }

        @Test("a backup that is made while serve applies is restored into an empty folder, and the plan is empty")
        func underLoad() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            var commit = ""
            var copies: [Output] = []
            for round in 1...4 {
                try repository.addAPIs(round * 4)
                try repository.greet("Ahoy\(round)")
                commit = try await repository.commit("Round \(round)")
                copies.append(
                    try await repository.gatewright("state", "backup", "\(repository.workspace.path)/copy\(round)"))
            }
            for copy in copies { #expect(copy.status == 0, "\(copy)") }
            try await server.reaches("ready", commit: commit)
            try await server.stop()
            for round in 1...4 {
                let data = "\(repository.workspace.path)/data\(round)"
                let restored = try await repository.gatewright(
                    "state", "restore", "\(repository.workspace.path)/copy\(round)", "--data-dir", data)
                #expect(restored.status == 0 && restored.out.contains("engine.db"), "\(restored)")
                let applied = try await repository.gatewright("apply", "--yes", "--data-dir", data)
                #expect(applied.status == 0, "\(applied)")
                let plan = try await repository.gatewright(
                    "plan", "--refresh", "--detailed-exitcode", "--data-dir", data)
                #expect(plan.status == 0, "\(plan)")
            }
            // In place of what was lost, a serve comes up on it.
            try FileManager.default.removeItem(atPath: repository.folder + "/.gatewright")
            let restored = try await repository.gatewright(
                "state", "restore", "\(repository.workspace.path)/copy4")
            #expect(restored.status == 0, "\(restored)")
            let again = try await Server.serve(repository)
            try await again.reaches("ready", commit: commit)
            #expect(try await again.site("hello").get("/hello").body.contains("Ahoy4"))
            let names = try await repository.namesOfAPIs(on: again)
            #expect(names == Array(Set(names)).sorted() && names.count == 17, "\(names)")
        }

        @Test("a state that is older than its target reads the target first, and breaks nothing")
        func olderThanTarget() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let copy = repository.workspace.path + "/copy"
            #expect(try await repository.gatewright("state", "backup", copy).status == 0)
            try repository.addAPIs(2)
            try repository.greet("Ahoy")
            try await repository.commit("More")
            try await repository.apply()
            try remove(repository.folder + "/.gatewright/state.db")
            let restored = try await repository.gatewright("state", "restore", copy, "--state-only")
            #expect(restored.status == 0, "\(restored)")
            try await repository.apply()
            try await repository.expectConverged()
            let engine = try await Server.engine(repository)
            #expect(try await repository.namesOfAPIs(on: engine) == ["hello", "hello1", "hello2"])
        }

        @Test("what cannot be backed up or restored is refused, and nothing is overwritten")
        func refusals() async throws {
            let repository = try await Repository.hello()
            let copy = repository.workspace.path + "/copy"
            try await repository.expectFailure("state", "backup", copy, status: 1, says: "nothing was applied")
            try await repository.apply()
            #expect(try await repository.gatewright("state", "backup", copy).status == 0)
            try await repository.expectFailure("state", "backup", copy, status: 1, says: "there already")
            try await repository.expectFailure("state", "backup", "/proc/x/copy", status: 1, says: "/proc/x/copy")
            try await repository.expectFailure("state", "restore", copy, status: 1, says: "where there is none")
            let data = try repository.workspace.folder("data")
            try await repository.expectFailure(
                "state", "restore", data, "--data-dir", data, status: 1, says: "no backup")
            try Data("this is no database, and long enough to show it".utf8).write(
                to: URL(filePath: copy + "/state.db"))
            try await repository.expectFailure(
                "state", "restore", copy, "--data-dir", data, status: 1, says: "no database")
            try await repository.expectConverged()
        }
    }
}
