import Glibc
import JSON
import Testing

extension Acceptance {
    /// `rollback`, `pause` and `resume` beside a running `serve`: it keeps the environment, commands only ask.
    @Suite struct HoldTests {
        @Test("rollback goes through the running controller, holds, and ends with a newer commit")
        func rollback() async throws {
            let repository = try await Repository.hello()
            let first = try await repository.git("rev-parse", "HEAD")
            let server = try await Server.serve(repository, "--interval", "60s")
            let site = try await server.site("hello")
            try repository.greet("Ahoy")
            let second = try await repository.commit("Say Ahoy")
            try await server.wake()
            try await server.reaches("ready", commit: second)

            let back = try await repository.gatewright("rollback", "--yes", "--reason", "it hurts")
            #expect(back.status == 0 && back.all.contains("running controller"), "\(back)")
            #expect(try await site.get("/hello").body.contains("Hello"))
            let status = try await server.status()
            #expect(status["state"]?.string == "held" && status["appliedCommit"]?.string == first, "\(status)")
            #expect(status["hold"]?["reason"]?.string == "it hurts", "\(status)")

            // With an interval of a minute only being told makes it quick.
            let resumed = try await repository.gatewright("resume")
            #expect(resumed.status == 0, "\(resumed)")
            try await server.reaches("ready", commit: second)
            #expect(try await site.get("/hello").body.contains("Ahoy"))

            #expect(try await repository.gatewright("rollback", "1", "--yes").status == 0)
            try repository.greet("Moin")
            let third = try await repository.commit("Say Moin")
            try await server.wake()
            try await server.reaches("ready", commit: third)
            #expect(try await site.get("/hello").body.contains("Moin"))
        }

        @Test("a rollback outlives the process, and is done by the next start if it was only asked for")
        func restart() async throws {
            let repository = try await Repository.hello()
            let first = try await repository.git("rev-parse", "HEAD")
            try await repository.apply()
            try repository.greet("Ahoy")
            try await repository.commit("Say Ahoy")
            try await repository.apply()
            #expect(try await repository.gatewright("rollback", "--yes").status == 0)
            let server = try await Server.serve(repository)
            let status = try await until("the environment to be held") {
                let status = try await server.status()
                return (status["state"]?.string == "held" ? status : JSONValue?.none, status.text(.pretty))
            }
            #expect(status["appliedCommit"]?.string == first, "\(status.text(.pretty))")
            #expect(try await server.site("hello").get("/hello").body.contains("Hello"))
        }

        @Test("pause and resume take effect at once, and a commit meanwhile waits")
        func pause() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            let site = try await server.site("hello")
            #expect(
                try await repository.gatewright("pause", "--until", "1h", "--reason", "freeze").status == 0)
            try repository.greet("Ahoy")
            let commit = try await repository.commit("Say Ahoy")
            try await until("the new head to be seen") {
                let status = try await server.status()
                return (status["headCommit"]?.string == commit ? () : nil, status.text(.pretty))
            }
            let status = try await server.status()
            #expect(status["state"]?.string == "held" && status["hold"]?["reason"]?.string == "freeze", "\(status)")
            #expect(try await site.get("/hello").body.contains("Hello"))
            #expect(try await repository.gatewright("resume").status == 0)
            try await server.reaches("ready", commit: commit)
            #expect(try await site.get("/hello").body.contains("Ahoy"))
        }
    }
}
