import ControlPlane
import Testing

/// Terraform with the AWS provider over IAM, where both are installed.
@Suite(
    .enabled(if: Client.terraformPlugins != nil, "GATEWRIGHT_TERRAFORM_PLUGINS is not set"),
    .enabled(if: Client.exists("terraform"), "terraform is not installed"))
struct TerraformIdentityTests {
    @Test("Terraform applies users, groups, roles and policies, finds nothing to do, changes and destroys")
    func lifecycle() async throws {
        let folder = try TemporaryFolder()
        try await LiveEngine.run { live in
            try Client.write(Self.configuration(port: live.port, variable: "one"), to: folder.path + "/main.tf")
            var done = try await Client.terraform(folder, ["init"])
            try #require(done.status == 0, "\(done.output)")
            done = try await Client.terraform(folder, ["apply", "-auto-approve"])
            try #require(done.status == 0, "\(done.output)")
            done = try await Client.terraform(folder, ["plan", "-detailed-exitcode"])
            #expect(done.status == 0, "\(done.output)")
            try Client.write(Self.configuration(port: live.port, variable: "two"), to: folder.path + "/main.tf")
            done = try await Client.terraform(folder, ["apply", "-auto-approve"])
            #expect(done.output.contains("0 destroyed"), "\(done.output)")
            done = try await Client.terraform(folder, ["plan", "-detailed-exitcode"])
            #expect(done.status == 0, "\(done.output)")
            done = try await Client.terraform(folder, ["destroy", "-auto-approve"])
            #expect(done.status == 0, "\(done.output)")
            let rest = try await Client.aws(
                live.port, ["get-account-summary", "--query", "SummaryMap.[Users,Groups,Roles,Policies]"],
                service: "iam")
            #expect(rest.output.filter { !$0.isWhitespace } == "[0,0,0,0]", "\(rest.output)")
        }
    }

    private static func configuration(port: Int, variable: String) -> String {
        """
        terraform {
          required_providers {
            aws = { source = "hashicorp/aws" }
          }
        }
        provider "aws" {
          region = "us-east-1"
          access_key = "\(Engine.root.accessKeyID)"
          secret_key = "\(Engine.root.secretAccessKey)"
          skip_metadata_api_check = true
          max_retries = 1
          endpoints {
            iam = "http://127.0.0.1:\(port)"
            sts = "http://127.0.0.1:\(port)"
          }
        }
        data "aws_caller_identity" "me" {}
        data "aws_iam_policy_document" "trust" {
          statement {
            actions = ["sts:AssumeRole"]
            principals {
              type = "Service"
              identifiers = ["apigateway.amazonaws.com"]
            }
          }
        }
        resource "aws_iam_policy" "gateway" {
          name = "gateway"
          path = "/team/"
          description = "the gateway"
          policy = jsonencode({ Version = "2012-10-17", Statement = [
            { Effect = "Allow", Action = ["apigateway:GET"], Resource = "arn:aws:apigateway:*::/\(variable)" }] })
          tags = { team = "\(variable)" }
        }
        resource "aws_iam_user" "dev" {
          name = "dev"
          path = "/\(variable)/"
          tags = { team = "\(variable)" }
        }
        resource "aws_iam_group" "admins" {
          name = "admins-\(variable)"
        }
        resource "aws_iam_user_group_membership" "dev" {
          user = aws_iam_user.dev.name
          groups = [aws_iam_group.admins.name]
        }
        resource "aws_iam_group_policy_attachment" "admins" {
          group = aws_iam_group.admins.name
          policy_arn = aws_iam_policy.gateway.arn
        }
        resource "aws_iam_role" "exec" {
          name = "exec"
          description = "\(variable)"
          max_session_duration = \(variable == "one" ? 3600 : 7200)
          assume_role_policy = data.aws_iam_policy_document.trust.json
          permissions_boundary = aws_iam_policy.gateway.arn
          tags = { account = data.aws_caller_identity.me.account_id }
        }
        resource "aws_iam_role_policy" "invoke" {
          name = "invoke"
          role = aws_iam_role.exec.id
          policy = jsonencode({ Version = "2012-10-17", Statement = [
            { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = "*", Sid = "\(variable)" }] })
        }
        resource "aws_iam_role_policy_attachment" "logs" {
          role = aws_iam_role.exec.name
          policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        }
        resource "aws_iam_user_policy_attachment" "dev" {
          user = aws_iam_user.dev.name
          policy_arn = aws_iam_policy.gateway.arn
        }
        resource "aws_iam_instance_profile" "box" {
          name = "box"
          role = aws_iam_role.exec.name
        }
        resource "aws_iam_access_key" "dev" {
          user = aws_iam_user.dev.name
        }
        resource "aws_iam_user_policy" "own" {
          name = "own"
          user = aws_iam_user.dev.name
          policy = jsonencode({ Version = "2012-10-17", Statement = [
            { Effect = "Allow", Action = "iam:ChangePassword", Resource = "*", Sid = "\(variable)" }] })
        }
        resource "aws_iam_group_policy" "own" {
          name = "own"
          group = aws_iam_group.admins.name
          policy = jsonencode({ Version = "2012-10-17", Statement = [
            { Effect = "Allow", Action = "iam:List*", Resource = "*", Sid = "\(variable)" }] })
        }
        resource "aws_iam_openid_connect_provider" "id" {
          url = "https://id.example.com"
          client_id_list = ["app"]
          tags = { team = "\(variable)" }
          thumbprint_list = ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        }
        resource "aws_iam_account_password_policy" "strict" {
          minimum_password_length = \(variable == "one" ? 12 : 14)
          require_symbols = true
        }
        """
    }
}
