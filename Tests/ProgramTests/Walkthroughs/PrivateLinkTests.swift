import Foundation
import JSON
import Testing

extension Acceptance {
    /// A4.1 to A4.7: an API over a private link.
    @Suite struct PrivateLinkTests {
        private static let balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/"
        private static let first = balancer + "my-nlb/50dc6c495c0c9188"
        private static let other = balancer + "my-other-nlb/6f1a0e2d9b7c4a53"

        /// The example, with these backends behind its load balancers; the first route tells what its backend saw.
        private static func example(
            _ backends: [String: [Backend]], in workspace: Workspace
        ) async throws -> Repository {
            let repository = try await Repository.example("private-link", in: workspace)
            try configure(repository, backends)
            try repository.replace("apis/private.openapi.yaml", "example.com/petstore/pets", by: "example.com/__echo")
            try await repository.commit("Ask for an echo")
            return repository
        }

        private static func configure(_ repository: Repository, _ backends: [String: [Backend]]) throws {
            var text = "engine:\n  endpoints:\n    targets:\n"
            for (arn, backends) in backends.sorted(by: { $0.key < $1.key }) {
                let addresses = backends.map { String($0.url.dropFirst("http://".count)) }
                text += "      \(arn):\n        addresses: [\(addresses.joined(separator: ", "))]\n"
                text += "        healthCheck: { intervalSeconds: 1, unhealthyThreshold: 1 }\n"
            }
            try FileManager.default.createDirectory(
                atPath: repository.folder + "/.gatewright", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try repository.write(".gatewright/gatewright.conf.yaml", text)
        }

        private static func plan(_ repository: Repository) async throws -> String {
            let plan = try await repository.gatewright("plan")
            try #require(plan.status == 0, "\(plan)")
            return plan.out
        }

        @Test("A4.1: what uses a link waits until it is available")
        func available() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Self.example([Self.first: [backend], Self.other: [backend]], in: workspace)
            let applied = try await repository.gatewright("apply", "--yes")
            try #require(applied.status == 0, "\(applied)")
            let waited = try #require(applied.all.firstRange(of: "AwaitVpcLink"), "\(applied)")
            let stage = try #require(applied.all.firstRange(of: "CreateStage"), "\(applied)")
            #expect(waited.lowerBound < stage.lowerBound, "\(applied)")
            try await repository.expectConverged()
        }

        @Test("A4.1: a link that fails takes the whole change back, and its message is shown")
        func failed() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Self.example([Self.first: [backend]], in: workspace)
            let before = try await Self.plan(repository)
            let word = "`VpcLink/my-other-vpc-link` will fail: the configuration has no targets of `\(Self.other)`"
            let told = try await repository.gatewright("plan")
            #expect(told.all.contains(word), "\(told)")
            #expect(!told.all.contains("`VpcLink/my-vpc-link` will fail"), "\(told)")
            try await repository.expectFailure(
                "apply", "--yes", status: 6,
                says: "`VpcLink/my-other-vpc-link` cannot be used: NLB \(Self.other) is not known to this engine")
            #expect(try await Self.plan(repository) == before)
            let server = try await Server.engine(repository)
            #expect(try await repository.namesOfAPIs(on: server).isEmpty)
            // With the entry the same commit works.
            try await server.stop()
            try Self.configure(repository, [Self.first: [backend], Self.other: [backend]])
            try await repository.apply()
            #expect(!(try await repository.gatewright("drift")).all.contains("will fail"))
            // An engine that has lost the entry serves the link no more, though every object is as it should be.
            try Self.configure(repository, [Self.first: [backend]])
            let drift = try await repository.gatewright("drift")
            #expect(drift.all.contains(word), "\(drift)")
        }

        @Test("A4.2 and A4.3: a request reaches the link's target with the endpoint's Host; a variable moves it")
        func moves() async throws {
            let workspace = try Workspace()
            let (one, two) = (try await Backend(workspace), try await Backend(workspace))
            let repository = try await Self.example([Self.first: [one], Self.other: [two]], in: workspace)
            let server = try await Server.engine(repository)
            try await repository.apply()
            let site = try await server.site("private")
            let answer = try await site.get("/?a=b")
            #expect(answer.status == 200, "A4.2 \(answer.text)")
            let seen = try JSONValue(parsing: Array(answer.body.utf8))
            let host = seen["headers"]?.array?.first { $0.array?.first?.string?.lowercased() == "host" }
            #expect(host?.array?.last == "myApi.example.com", "A4.2 \(answer.text)")
            #expect(seen["target"] == "/__echo?a=b", "A4.2 \(answer.text)")
            #expect(try await one.requests == ["GET /__echo?a=b"], "A4.2")

            try repository.replace("apis/private.yaml", "my-test-vpc-link", by: "my-other-vpc-link")
            try await repository.commit("Move to the other backend")
            let plan = try await Self.plan(repository)
            #expect(plan.contains("dev: 1 to update"), "A4.3 \(plan)")
            #expect(!plan.contains("Deployment/"), "A4.3 \(plan)")
            try await repository.apply()
            #expect(try await site.get("/").status == 200, "A4.3")
            #expect(try await two.requests == ["GET /__echo"], "A4.3")
            #expect(try await one.requests.count == 1, "A4.3")
            try await repository.expectConverged()
        }

        @Test(
            "A4.4: without the variable the answer is 500, and no backend is called",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func unset() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Self.example([Self.first: [backend], Self.other: [backend]], in: workspace)
            let server = try await Server.engine(repository)
            try await repository.apply()
            let site = try await server.site("private")
            try repository.replace("apis/private.yaml", "vpcLinkId", by: "otherName")
            try await repository.commit("Forget the link")
            // Known before anything is applied; only others can bring it about.
            try await repository.expectFailure("apply", "--yes", status: 1, says: "names no VPC link")
            #expect(try await site.get("/").status == 200)
            let apis = try await server.aws("apigateway", "get-rest-apis")["items"]?.array ?? []
            let id = try #require(apis.first?["id"]?.string)
            _ = try await server.aws(
                "apigateway", "update-stage", "--rest-api-id", id, "--stage-name", "test", "--patch-operations",
                "op=remove,path=/variables/vpcLinkId")
            let answer = try await site.get("/")
            #expect(answer.status == 500, "\(answer.text)")
            #expect(answer.body == #"{"message": "Internal server error"}"#, "\(answer.text)")
            #expect(try await backend.requests.count == 1)
        }

        @Test("a target that dies costs no answer, with none left it is the network error, and it comes back")
        func dies() async throws {
            let workspace = try Workspace()
            let (one, two) = (try await Backend(workspace), try await Backend(workspace))
            let repository = try await Self.example([Self.first: [one, two], Self.other: [one]], in: workspace)
            let server = try await Server.engine(repository)
            try await repository.apply()
            let site = try await server.site("private")
            for _ in 0..<4 { #expect(try await site.get("/").status == 200) }
            let spread = (try await one.requests.count, try await two.requests.count)
            #expect(spread == (2, 2))
            try await one.stop()
            for _ in 0..<4 { #expect(try await site.get("/").status == 200) }
            try await two.stop()
            let answer = try await site.get("/")
            #expect(answer.status == 504, "\(answer.text)")
            #expect(answer.body == #"{"message": "Network error communicating with endpoint"}"#, "\(answer.text)")
            try await server.eventually("the engine to say which target is unhealthy") {
                let output = server.program.output.all
                return (output.contains("the health of a private link's target changed"), output)
            }
        }

        @Test(
            "A4.5: a link whose id is written in an integration stays; one that a stage variable names goes",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func inUse() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Self.example([Self.first: [backend], Self.other: [backend]], in: workspace)
            let server = try await Server.engine(repository)
            try await repository.apply()
            let links = try await server.aws("apigateway", "get-vpc-links")["items"]?.array ?? []
            let other = try #require(links.first { $0["name"] == "my-other-vpc-link" }?["id"]?.string)
            let variable = "${stageVariables.vpcLinkId}"
            try repository.replace("apis/private.openapi.yaml", variable, by: other)
            try await repository.commit("Write the id")
            try await repository.apply()
            let all = try repository.read("links/links.yaml")
            try repository.write(
                "links/links.yaml", String(all[..<(all.firstRange(of: "---")?.lowerBound ?? all.endIndex)]))
            try await repository.commit("Take the other link away")
            let refused = try await repository.expectFailure("apply", "--yes", status: 6, says: "is referenced in")
            #expect(refused.all.contains("VpcLink/my-other-vpc-link"), "\(refused)")
            try repository.replace("apis/private.openapi.yaml", other, by: variable)
            try await repository.commit("Name the variable again")
            try await repository.apply()
            let left = try await server.aws("apigateway", "get-vpc-links")["items"]?.array ?? []
            #expect(left.compactMap { $0["name"]?.string } == ["my-test-vpc-link"])
        }

        @Test(
            "A4.6: another load balancer replaces the link, and what names its id is deployed anew",
            arguments: ["${stageVariables.vpcLinkId}", "${VpcLink/my-test-vpc-link.id}"])
        func replaced(_ connection: String) async throws {
            let workspace = try Workspace()
            let (one, two) = (try await Backend(workspace), try await Backend(workspace))
            let repository = try await Self.example(
                [Self.first: [one], Self.other: [two], Self.balancer + "third/1": [two]], in: workspace)
            if connection.contains("VpcLink") {
                try repository.replace("apis/private.openapi.yaml", "${stageVariables.vpcLinkId}", by: connection)
                try await repository.commit("Name the link")
            }
            let server = try await Server.engine(repository)
            try await repository.apply()
            let site = try await server.site("private")
            #expect(try await site.get("/").status == 200)
            try repository.replace("links/links.yaml", Self.first, by: Self.balancer + "third/1")
            try await repository.commit("Move to another load balancer")
            let plan = try await Self.plan(repository)
            #expect(plan.contains("VpcLink/my-test-vpc-link") && plan.contains("cannot change in place"), "\(plan)")
            let reason = "`VpcLink/my-test-vpc-link` is replaced, and the definition names its new id"
            #expect(plan.contains(reason) == connection.contains("VpcLink"), "\(plan)")
            try await repository.apply()
            #expect(try await site.get("/").status == 200)
            #expect(try await two.requests.count == 1)
            #expect(try await one.requests.count == 1)
            try await repository.expectConverged()
            guard Program.isInstalled("aws") else { return }
            let links = try await server.aws("apigateway", "get-vpc-links")["items"]?.array ?? []
            #expect(links.count == 2)
        }

        @Test(
            "A4.7: the import of the guide's document gives the API that the commit makes",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func imported() async throws {
            let workspace = try Workspace()
            let repository = try await Repository.example("private-link", in: workspace)
            let server = try await Server.engine(repository)
            try await repository.apply()
            let (api, resource) = try await server.resource("/")
            func method(_ api: String, _ resource: String) async throws -> JSONValue {
                let made = try await server.aws(
                    "apigateway", "get-method", "--rest-api-id", api, "--resource-id", resource, "--http-method", "GET")
                return try JSONValue(parsing: made.text(.compact).replacing(resource, with: "ROOT"))
            }
            let committed = try await method(api, resource)
            let integration = try #require(committed["methodIntegration"]?.object, "\(committed)")
            let stored: JSONObject = [
                "type": "HTTP_PROXY", "httpMethod": "GET", "connectionType": "VPC_LINK",
                "connectionId": "${stageVariables.vpcLinkId}", "passthroughBehavior": "WHEN_NO_MATCH",
                "timeoutInMillis": 29000, "cacheNamespace": "ROOT", "cacheKeyParameters": [],
            ]
            for (name, value) in stored { #expect(integration[name] == value, "\(name) of \(committed)") }

            let document = repository.folder + "/apis/private.openapi.yaml"
            let made = try await server.aws("apigateway", "import-rest-api", "--body", "fileb://" + document)
            #expect(made["name"] == "MyApiWithVpcLink", "\(made)")
            let id = try #require(made["id"]?.string)
            let root = try #require(made["rootResourceId"]?.string)
            #expect(try await method(id, root) == committed)
            for api in [api, id] {
                let models = try await server.aws("apigateway", "get-models", "--rest-api-id", api)["items"]?.array
                #expect(models?.compactMap { $0["name"]?.string } == ["Empty"], "\(models ?? [])")
            }
        }
    }
}
