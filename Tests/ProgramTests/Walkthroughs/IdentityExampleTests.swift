import Foundation
import JSON
import Testing

extension Acceptance {
    /// A0.1 to A0.3, A0.6 and A0.7: users, groups, roles and policies from a commit.
    @Suite struct IdentityExampleTests {
        private static let invoking = "arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET/pets"
        private static let managing = "arn:aws:apigateway:us-east-1::/restapis"

        /// `gatewright why`: the exit code says whether it is allowed.
        private func expectWhy(
            _ repository: Repository, _ principal: String, _ action: String, _ resource: String, isAllowed: Bool,
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await repository.gatewright("why", principal, action, resource)
            #expect(answer.status == (isAllowed ? 0 : 4), "\(answer)", sourceLocation: location)
        }

        @Test("A0.1: an administrator through a group manages APIs and calls none, until the membership goes")
        func administrator() async throws {
            let repository = try await Repository.example("iam")
            try await repository.apply()
            try await expectWhy(repository, "User/dev", "apigateway:POST", Self.managing, isAllowed: true)
            try await expectWhy(repository, "User/dev", "execute-api:Invoke", Self.invoking, isAllowed: false)

            try repository.replace("iam/people.yaml", "  groups: [api-admins]\n", by: "  tags: {}\n")
            try await repository.commit("Take dev out of the administrators")
            let plan = try await repository.gatewright("plan", "--format", "json")
            let changes = try #require(JSONValue(parsing: Array(plan.out.utf8))["changes"]?.array)
            #expect(changes.map { $0["address"]?.string } == ["User/dev"], "\(plan)")
            #expect(changes.map { $0["action"]?.string } == ["update"], "\(plan)")
            try await repository.apply()
            try await expectWhy(repository, "User/dev", "apigateway:POST", Self.managing, isAllowed: false)
            try await repository.expectConverged()
        }

        @Test("A0.2 and A0.6: a policy of AWS's own lets a user call, and is read, never compared")
        func caller() async throws {
            let repository = try await Repository.example("iam")
            try await repository.apply()
            try await expectWhy(repository, "User/caller", "execute-api:Invoke", Self.invoking, isAllowed: true)
            try await expectWhy(repository, "User/caller", "apigateway:GET", Self.managing, isAllowed: false)
            let plan = try await repository.gatewright("plan", "--refresh")
            #expect(plan.out.contains("dev: no changes"), "\(plan)")
        }

        @Test("A0.3: the documentation only variant as the guide prints it matches nothing, and validate says so")
        func documentation() async throws {
            let repository = try await Repository.example("iam")
            let parts = "arn:aws:apigateway:us-east-1::/restapis/a1b2c3/documentation/parts"
            try await expectWhy(repository, "User/writer", "apigateway:GET", parts, isAllowed: true)
            try await expectWhy(repository, "User/writer", "apigateway:POST", parts, isAllowed: true)
            try await expectWhy(repository, "User/writer", "apigateway:DELETE", parts, isAllowed: false)
            try await expectWhy(
                repository, "User/writer", "apigateway:GET", "arn:aws:apigateway:us-east-1::/restapis/a1b2c3/resources",
                isAllowed: false)

            try repository.replace(
                "iam/policies.yaml", "arn:aws:apigateway:*::/restapis/${var.documented}/documentation/*",
                by: "arn:aws:apigateway::123456789012:/restapis/*/documentation/*")
            let valid = try await repository.gatewright("validate")
            #expect(valid.status == 0, "\(valid)")
            #expect(valid.all.contains("no API Gateway management ARN has an account"), "\(valid)")
            #expect(valid.all.contains("arn:aws:apigateway:*::/restapis/*/documentation/*"), "\(valid)")
            #expect(valid.all.contains("iam/policies.yaml:"), "\(valid)")
            try await expectWhy(repository, "User/writer", "apigateway:GET", parts, isAllowed: false)
        }

        @Test("A0.7: policies come before those who have them and go after; a failure half way puts everything back")
        func order() async throws {
            let repository = try await Repository.example("iam")
            let plan = try await repository.gatewright("plan", "--format", "json")
            let changes = try #require(JSONValue(parsing: Array(plan.out.utf8))["changes"]?.array)
            let order = changes.compactMap { $0["address"]?.string }
            func position(_ address: String) throws -> Int { try #require(order.firstIndex(of: address), "\(order)") }
            #expect(try position("Policy/api-administrator") < position("Group/api-admins"))
            #expect(try position("Group/api-admins") < position("User/dev"))
            #expect(try position("Policy/invoke-lambda") < position("Role/apigw-exec"))

            // One user more than the engine lets there be.
            let server = try await Server.engine(repository, "--quota", "iam-users=2")
            let failed = try await repository.gatewright("apply", "--yes")
            #expect(failed.status == 6, "\(failed)")
            #expect(failed.all.contains("Cannot exceed quota for UsersPerAccount"), "\(failed)")
            let again = try await repository.gatewright("plan", "--refresh", "--format", "json")
            let left = try #require(JSONValue(parsing: Array(again.out.utf8))["changes"]?.array)
            #expect(left.count == changes.count && left.allSatisfy { $0["action"]?.string == "create" }, "\(again)")
            #expect(server.program.isRunning)
            // What was made is taken back in the opposite order: whatever is attached comes off before its policy goes.
            let calls = failed.all.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            for (first, later) in [("CreatePolicy Policy/api-administrator", "AttachGroupPolicy Group/api-admins")] {
                let done = (calls.firstIndex { $0 == first + ": done" }, calls.firstIndex { $0 == later + ": done" })
                let undone = (
                    calls.firstIndex { $0 == first + ": undone" }, calls.firstIndex { $0 == later + ": undone" }
                )
                let (made, attached) = (try #require(done.0, "\(failed)"), try #require(done.1, "\(failed)"))
                let (gone, detached) = (try #require(undone.0, "\(failed)"), try #require(undone.1, "\(failed)"))
                #expect(made < attached && detached < gone, "\(failed)")
            }
        }

        @Test("A0.7: a policy is detached before it is deleted")
        func detached() async throws {
            let repository = try await Repository.example("iam")
            try await repository.apply()
            try repository.replace(
                "iam/people.yaml", "  managedPolicyArns: [\"${Policy/api-documentation.arn}\"]\n", by: "  tags: {}\n")
            let policies = try repository.read("iam/policies.yaml").components(separatedBy: "---\n")
            try repository.write(
                "iam/policies.yaml", policies.filter { !$0.contains("api-documentation") }.joined(separator: "---\n"))
            try repository.replace("gatewright.yaml", "documented", by: "undocumented")
            try await repository.commit("Take the documentation policy away")
            let applied = try await repository.gatewright("apply", "--yes")
            try #require(applied.status == 0, "\(applied)")
            let detach = try #require(applied.all.firstRange(of: "DetachUserPolicy User/writer: done"), "\(applied)")
            let delete = try #require(applied.all.firstRange(of: "DeletePolicy Policy/api-documentation: done"))
            #expect(detach.lowerBound < delete.lowerBound, "\(applied)")
            try await repository.expectConverged()
        }
    }
}
