import Foundation
import JSON
import Testing

extension Acceptance {
    /// An API in front of an alias, in the whole program: what its callers get is what the alias's version holds.
    @Suite struct FunctionAliasTests {
        private static let code = "apis/greet/bootstrap"

        /// The example behind an alias, with a line of its code that tells versions apart.
        private static func repository() async throws -> Repository {
            let repository = try await Repository.example("lambda-proxy", in: try Workspace())
            let manifest = try repository.read("apis/proxy.yaml")
            let permissions = try #require(manifest.firstRange(of: "  permissions:"))
            let function = "Function/GetStartedLambdaProxyIntegration"
            let own = manifest[permissions.lowerBound...].split(separator: "\n", omittingEmptySubsequences: false)
            try repository.write(
                "apis/proxy.yaml",
                manifest[..<permissions.lowerBound] + "  aliases:\n    live:\n"
                    + own.map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n"))
            try repository.replace(
                "apis/proxy.openapi.yaml", "${\(function).invokeArn}", by: "${\(function).aliases.live.invokeArn}")
            try await repository.commit("Call the function by an alias")
            return repository
        }

        private static func greeting(_ site: Site) async throws -> String? {
            let answer = try await site.get("/Rome")
            guard answer.status == 200 else { return "\(answer.status)" }
            return try JSONValue(parsing: Array(answer.body.utf8))["message"]?.string
        }

        @Test("a route by an alias answers by the version that the alias has, after each commit and after a rollback")
        func route() async throws {
            let repository = try await Self.repository()
            let server = try await Server.engine(repository, "--enable-functions")
            try await repository.apply()
            let site = try await server.site("proxy")
            #expect(try await Self.greeting(site) == "Good day, you of Rome.")

            try repository.replace(Self.code, "f\"Good ", by: "f\"Better ")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: repository.folder + "/" + Self.code)
            try await repository.commit("Greet better")
            try await repository.apply()
            #expect(try await Self.greeting(site) == "Better day, you of Rome.")

            let back = try await repository.gatewright("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(try await Self.greeting(site) == "Good day, you of Rome.")
        }
    }
}
