import Foundation
import JSON
import Testing

extension Acceptance {
    /// Walkthrough 0: users, groups, roles and policies from git.
    @Suite struct IdentityTests {
        private static let environment = """
            apiVersion: gatewright/v1
            kind: Environment
            metadata: { name: dev }
            spec: { manifests: [iam] }
            """

        private static let manifests = """
            apiVersion: gatewright/v1
            kind: Policy
            metadata: { name: api-administrator }
            spec:
              policyDocument:
                Version: "2012-10-17"
                Statement: [{ Effect: Allow, Action: ["apigateway:*"], Resource: "arn:aws:apigateway:*::/*" }]
            ---
            apiVersion: gatewright/v1
            kind: Group
            metadata: { name: api-admins }
            spec: { managedPolicyArns: ["${Policy/api-administrator.arn}"] }
            ---
            apiVersion: gatewright/v1
            kind: User
            metadata: { name: dev }
            spec:
              groups: [api-admins]
            ---
            apiVersion: gatewright/v1
            kind: Role
            metadata: { name: apigw-exec }
            spec:
              assumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement: [{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: sts:AssumeRole }]
              managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator"]
            """

        private static func make() async throws -> Repository {
            let repository = try Repository(files: [
                ".gitignore": ".gatewright/\n", "gatewright.yaml": environment, "iam/all.yaml": manifests,
            ])
            try await repository.start()
            return repository
        }

        private func changes(_ repository: Repository) async throws -> [JSONValue] {
            let plan = try await repository.gatewright("plan", "--format", "json")
            return try JSONValue(parsing: Array(plan.out.utf8))["changes"]?.array ?? []
        }

        @Test("A0.1: what git says is applied, has no drift, and a membership that goes is one change")
        func membership() async throws {
            let repository = try await Self.make()
            try await repository.apply()
            try await repository.expectConverged()
            let quiet = try await repository.gatewright("drift")
            #expect(quiet.status == 0 && quiet.out.contains("dev: no drift"), "\(quiet)")

            try repository.replace("iam/all.yaml", "  groups: [api-admins]\n", by: "  groups: []\n")
            try await repository.commit("Take dev out of the administrators")
            let changes = try await changes(repository)
            #expect(changes.count == 1, "\(changes)")
            #expect(changes.first?["address"] == "User/dev")
            try await repository.apply()
            try await repository.expectConverged()
        }

        @Test("the state is rebuilt from the marks and names on the target")
        func rebuilt() async throws {
            let repository = try await Self.make()
            try await repository.apply()
            for ending in ["", "-wal", "-shm"] {
                let path = repository.folder + "/.gatewright/state.db" + ending
                if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            }
            let rebuilt = try await repository.gatewright("state", "rebuild")
            #expect(rebuilt.status == 0 && !rebuilt.all.contains("drift"), "\(rebuilt)")
            try await repository.expectConverged()
            let list = try await repository.gatewright("state", "list")
            for address in ["User/dev", "Group/api-admins", "Role/apigw-exec", "Policy/api-administrator"] {
                #expect(list.out.contains(address), "\(list)")
            }
        }

        @Test("A0.7: an apply that fails half way puts everything back")
        func rolledBack() async throws {
            let repository = try await Self.make()
            try await repository.apply()
            try repository.replace(
                "iam/all.yaml", "  groups: [api-admins]\n",
                by: "  groups: [api-admins]\n  path: /team/\n"
                    + "  managedPolicyArns: [\"arn:aws:iam::aws:policy/NoSuchPolicyAnywhere\"]\n")
            let bad = try await repository.commit("Attach what is not there")
            let failed = try await repository.gatewright("apply", "--yes")
            #expect(failed.status == 6, "\(failed)")
            try await repository.git("revert", "--no-edit", bad)
            try await repository.expectConverged()
        }

        @Test("destroy takes all of it away, what is attached first")
        func destroyed() async throws {
            let repository = try await Self.make()
            try await repository.apply()
            let destroyed = try await repository.gatewright("destroy", "--yes")
            #expect(destroyed.status == 0, "\(destroyed)")
            let changes = try await changes(repository)
            #expect(changes.count == 4)
            let resumed = try await repository.gatewright("resume")
            #expect(resumed.status == 0, "\(resumed)")
            try await repository.apply()
            try await repository.expectConverged()
        }
    }
}
