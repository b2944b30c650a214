import JSON
import Testing

extension Acceptance {
    /// `examples/aws-service` from its commit, moto's server being SNS.
    @Suite(
        .enabled(
            if: Program.isInstalled("moto_server") && Program.isInstalled("aws"), "moto_server or aws is not installed")
    )
    struct ServiceExampleTests {
        @Test("A5.1 and A5.3: topics are listed through the role, until the gateway is not trusted with it")
        func topics() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace)
            let repository = try await Repository.example("aws-service", in: workspace)
            let server = try await Server.serve(repository, "--endpoint", "sns=\(moto.url)")
            let made = try await Program.run(
                "aws",
                [
                    "sns", "create-topic", "--name", "MySNSTopic-1", "--endpoint-url", moto.url, "--region",
                    "us-east-1",
                ], in: repository.folder, workspace,
                environment: ["AWS_ACCESS_KEY_ID": "AKIAMOTO", "AWS_SECRET_ACCESS_KEY": "secret"])
            try #require(made.status == 0, "\(made)")

            let site = try await server.site("topics")
            let listed = try await site.get("/mydemoawsproxy")
            #expect(listed.status == 200, "\(listed.text)")
            let topics = try JSONValue(parsing: Array(listed.body.utf8))["ListTopicsResponse"]?["ListTopicsResult"]
            let expected: JSONValue = [["TopicArn": "arn:aws:sns:us-east-1:123456789012:MySNSTopic-1"]]
            #expect(topics?["Topics"] == expected, "\(listed.text)")

            try repository.replace("iam/role.yaml", "apigateway.amazonaws.com", by: "ec2.amazonaws.com")
            try await server.reaches("ready", commit: try await repository.commit("Trust another service"))
            try await server.eventually("the route to be refused") {
                let refused = try await site.get("/mydemoawsproxy")
                return (refused.status == 500, refused.text)
            }
        }
    }
}
