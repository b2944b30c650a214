import Foundation
import Glibc
import Testing

extension Acceptance {
    /// What can be wrong with the ground the program stands on: a clear error each, and nothing lost.
    @Suite struct DataDirectoryTests {
        static let isRoot = getuid() == 0

        @Test(
            "a state.db of a newer version is refused, and its own version finds it unharmed",
            .enabled(if: Program.isInstalled("sqlite3"), "sqlite3 is not installed"),
            arguments: ["state.db", "engine.db"])
        func newerDatabase(_ name: String) async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let version = try await sqlite(repository, name, "PRAGMA user_version")
            try await sqlite(repository, name, "PRAGMA user_version = 999")
            try await repository.expectFailure("plan", "--refresh", status: 1, says: "newer")
            try await repository.expectFailure("apply", "--yes", "--ref", "HEAD", status: 1, says: "newer")
            try await sqlite(repository, name, "PRAGMA user_version = \(version)")
            try await repository.expectConverged()
        }

        @discardableResult
        private func sqlite(_ repository: Repository, _ name: String, _ statement: String) async throws -> String {
            let output = try await Program.run(
                "sqlite3", [repository.folder + "/.gatewright/" + name, statement], repository.workspace)
            try #require(output.status == 0, "\(output)")
            return output.out.trimmingCharacters(in: .newlines)
        }

        @Test("a garbage database is an error that names the file", arguments: ["state.db", "engine.db"])
        func garbage(_ name: String) async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let path = repository.folder + "/.gatewright/" + name
            let kept = repository.workspace.path + "/kept"
            try FileManager.default.moveItem(atPath: path, toPath: kept)
            for ending in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + ending) {
                try FileManager.default.moveItem(atPath: path + ending, toPath: kept + ending)
            }
            try repository.write(".gatewright/" + name, String(repeating: "this is no database. ", count: 500))
            try await repository.expectFailure("plan", "--refresh", status: 1, says: name)
            try FileManager.default.removeItem(atPath: path)
            for ending in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: kept + ending) {
                if FileManager.default.fileExists(atPath: path + ending) {
                    try FileManager.default.removeItem(atPath: path + ending)
                }
                try FileManager.default.moveItem(atPath: kept + ending, toPath: path + ending)
            }
            try await repository.expectConverged()
        }

        @Test("with state.db lost, a plan observes the target instead of creating everything again")
        func lostState() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            for ending in ["", "-wal", "-shm"] {
                let path = repository.folder + "/.gatewright/state.db" + ending
                guard FileManager.default.fileExists(atPath: path) else { continue }
                try FileManager.default.removeItem(atPath: path)
            }
            let plan = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(plan.status == 0, "\(plan)")
            try await repository.apply()
            let engine = try await Server.engine(repository)
            #expect(try await repository.namesOfAPIs(on: engine) == ["hello"])
        }

        @Test("a data directory that git tracks is refused: its credentials would be published")
        func tracked() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try await repository.git("add", "--force", ".gatewright/credentials")
            try await repository.commit("Publish the credentials")
            try await repository.expectFailure("plan", status: 1, says: ".gatewright/credentials", "tracked")
        }

        @Test("a credentials file that is none is an error that names it")
        func credentials() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try repository.write(".gatewright/credentials", "garbage\n")
            try await repository.expectFailure("plan", "--refresh", status: 1, says: ".gatewright/credentials")
        }

        @Test("a data directory that is a file is an error")
        func file() async throws {
            let repository = try await Repository.hello()
            try repository.write("in-the-way", "")
            try await repository.expectFailure(
                "plan", "--data-dir", repository.folder + "/in-the-way", status: 1, says: "in-the-way")
        }

        @Test(
            "a data directory that this user may not write is an error, and works once it may",
            .enabled(if: isRoot && Program.isInstalled("setpriv"), "needs root and setpriv"))
        func readOnly() async throws {
            let repository = try await Repository.hello()
            let workspace = repository.workspace
            let other = "65534"
            for folder in [repository.folder, workspace.path + "/home"] {
                let output = try await Program.run("chown", ["-R", "\(other):\(other)", folder], workspace)
                try #require(output.status == 0, "\(output)")
            }
            let data = try workspace.folder("data")
            // The other user cannot read where the program was built.
            let program = workspace.path + "/gatewright"
            try FileManager.default.copyItem(atPath: Program.product("gatewright"), toPath: program)
            func plan() async throws -> Output {
                try await Program.run(
                    "setpriv",
                    [
                        "--reuid=\(other)", "--regid=\(other)", "--clear-groups", program, "plan", repository.folder,
                        "--data-dir", data,
                    ], in: repository.folder, workspace)
            }
            try await repository.expectFailure(try await plan(), status: 1, says: [data])
            #expect(try FileManager.default.contentsOfDirectory(atPath: data).isEmpty)
            try #require(chown(data, 65534, 65534) == 0)
            let works = try await plan()
            #expect(works.status == 0, "\(works)")
        }

        @Test(
            "a full disk is an error that says so, and with room again the same command works",
            .enabled(if: isRoot && Program.isInstalled("mount"), "needs root and mount"),
            arguments: ["16k", "64k", "128k", "512k", "1m", "1536k"])
        func fullDisk(_ size: String) async throws {
            let repository = try await Repository.hello()
            try repository.addAPIs(60)
            try await repository.commit("Many")
            let data = try repository.workspace.folder("disk")
            guard let disk = try await Disk(data, size: size, repository.workspace) else {
                try Test.cancel("a tmpfs cannot be mounted here")
            }
            try await repository.expectFailure(
                "apply", "--yes", "--data-dir", data, status: 1, says: "no room to write", data)
            try await disk.resize("64m")
            let again = try await repository.gatewright("apply", "--yes", "--data-dir", data)
            #expect(again.status == 0, "\(again)")
            let plan = try await repository.gatewright(
                "plan", "--refresh", "--detailed-exitcode", "--data-dir", data)
            #expect(plan.status == 0, "\(plan)")
        }

        @Test(
            "a port in use is an error that names it",
            arguments: ["--management-listen", "--data-listen", "--listen"])
        func portInUse(_ option: String) async throws {
            let repository = try await Repository.hello()
            let backend = try await Backend(repository.workspace)
            let taken = String(backend.url.dropFirst("http://".count))
            var arguments = ["serve", "--repo", repository.folder]
            for name in ["--management-listen", "--data-listen", "--listen"] {
                arguments += [name, name == option ? taken : "127.0.0.1:0"]
            }
            let output = try await Program.run(
                "gatewright", arguments, in: repository.folder, repository.workspace)
            try await repository.expectFailure(output, status: 1, says: [taken])
            let server = try await Server.serve(repository)
            #expect(try await server.site("hello").get("/hello").status == 200)
        }
    }
}
