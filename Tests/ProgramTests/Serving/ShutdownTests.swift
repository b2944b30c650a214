import Foundation
import Glibc
import JSON
import Testing

extension Acceptance {
    /// Ends and starts of `serve` and `engine`.
    @Suite struct ShutdownTests {
        @Test(
            "serve ends within seconds after SIGTERM or SIGINT, exits with 0 and leaves no child",
            arguments: [SIGTERM, SIGINT])
        func stopping(_ signal: Int32) async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            let ended = try await server.stop(signal)
            #expect(ended.status == 0, "\(ended)")
            #expect(!server.program.leftChildren)
        }

        @Test("serve lets a request in flight finish, then ends")
        func stoppingUnderWay() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("http-proxy", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository)
            let site = try await server.site("proxy")
            let client = try Program("curl", ["--silent", "--show-error", site.url + "/__slow?ms=1500"], workspace)
            try await server.eventually("the backend to be asked") {
                let requests = try await backend.requests
                return (requests.contains("GET /__slow?ms=1500"), "\(requests)")
            }
            let ended = try await server.stop()
            #expect(ended.status == 0, "\(ended)")
            let answer = try await client.end()
            #expect(answer.status == 0 && answer.out == "slow\n", "\(answer)")
        }

        @Test("the engine ends within seconds after SIGTERM or SIGINT and exits with 0", arguments: [SIGTERM, SIGINT])
        func stoppingEngine(_ signal: Int32) async throws {
            let repository = try await Repository.hello()
            let server = try await Server.engine(repository)
            let ended = try await server.stop(signal)
            #expect(ended.status == 0, "\(ended)")
        }

        @Test("a second start finds the data: the same id, the same path, no new revision")
        func secondStart() async throws {
            let repository = try await Repository.hello()
            let first = try await Server.serve(repository)
            let old = try await first.site("hello")
            try await first.stop()
            let second = try await Server.serve(repository)
            let new = try await second.site("hello")
            #expect(URL(string: old.url)?.path == URL(string: new.url)?.path)
            #expect(try await new.get("/hello").body.contains("Hello from stage test"))
            #expect(try await second.status()["appliedRevision"]?.int == 1)
        }

        @Test("after kill -9 of serve, the next start serves the same API")
        func killed() async throws {
            let repository = try await Repository.hello()
            let first = try await Server.serve(repository)
            let old = try await first.site("hello")
            first.program.signal(SIGKILL)
            try await first.program.end()
            let second = try await Server.serve(repository)
            let new = try await second.site("hello")
            #expect(URL(string: old.url)?.path == URL(string: new.url)?.path)
            #expect(try await new.get("/hello").status == 200)
        }

        @Test("two servers of one data directory: the second says who is there and ends")
        func twoServers() async throws {
            let repository = try await Repository.hello()
            let server = try await Server.serve(repository)
            let second = try await repository.gatewright(
                "serve", "--repo", repository.folder, "--management-listen", "127.0.0.1:0", "--data-listen",
                "127.0.0.1:0", "--listen", "127.0.0.1:0")
            try await repository.expectFailure(second, status: 8)
            #expect(try await server.site("hello").get("/hello").status == 200)
        }
    }
}
