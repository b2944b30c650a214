import ControlPlane
import JSON
import Testing

/// Terraform with the AWS provider, where both are installed: `GATEWRIGHT_TERRAFORM_PLUGINS` names the provider's mirror.
@Suite(
    .enabled(if: Client.terraformPlugins != nil, "GATEWRIGHT_TERRAFORM_PLUGINS is not set"),
    .enabled(if: Client.exists("terraform"), "terraform is not installed"))
struct TerraformTests {
    @Test("Terraform applies, finds nothing to do, changes and destroys")
    func lifecycle() async throws {
        let folder = try TemporaryFolder()
        try await LiveEngine.run { live in
            try Client.write(Self.configuration(port: live.port, variable: "one"), to: folder.path + "/main.tf")
            for arguments in [["init"], ["apply", "-auto-approve"], ["plan", "-detailed-exitcode"]] {
                let done = try await Client.terraform(folder, arguments)
                try #require(done.status == 0, "\(arguments): \(done.output)")
            }
            try Client.write(Self.configuration(port: live.port, variable: "two"), to: folder.path + "/main.tf")
            var done = try await Client.terraform(folder, ["apply", "-auto-approve"])
            // The deployment whose trigger changed is made anew; all else is updated in its place.
            #expect(done.output.contains("1 added") && done.output.contains("1 destroyed"), "\(done.output)")
            done = try await Client.terraform(folder, ["plan", "-detailed-exitcode"])
            #expect(done.status == 0, "\(done.output)")
            done = try await Client.terraform(folder, ["destroy", "-auto-approve"])
            #expect(done.status == 0, "\(done.output)")
            #expect(try await Client.aws(live.port, ["get-rest-apis"]).output.contains(#""items": []"#))
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
          skip_credentials_validation = true
          skip_requesting_account_id = true
          skip_metadata_api_check = true
          max_retries = 1
          endpoints { apigateway = "http://127.0.0.1:\(port)" }
        }
        resource "aws_api_gateway_rest_api" "pets" {
          name = "pets"
          description = "\(variable)"
          binary_media_types = ["image/png"]
          minimum_compression_size = 100
          tags = { team = "\(variable)" }
          endpoint_configuration { types = ["REGIONAL"] }
          policy = jsonencode({ Version = "2012-10-17", Statement = [
            { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }] })
        }
        resource "aws_api_gateway_resource" "pet" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          parent_id = aws_api_gateway_rest_api.pets.root_resource_id
          path_part = "{id}"
        }
        resource "aws_api_gateway_model" "pet" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          name = "Pet"
          content_type = "application/json"
          schema = jsonencode({ type = "object" })
        }
        resource "aws_api_gateway_request_validator" "all" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          name = "all"
          validate_request_parameters = \(variable == "one")
        }
        resource "aws_api_gateway_authorizer" "who" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          name = "who"
          authorizer_uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"
        }
        resource "aws_api_gateway_method" "get" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          resource_id = aws_api_gateway_resource.pet.id
          http_method = "GET"
          authorization = "CUSTOM"
          authorizer_id = aws_api_gateway_authorizer.who.id
          request_validator_id = aws_api_gateway_request_validator.all.id
          request_parameters = { "method.request.path.id" = true, "method.request.header.\(variable)" = false }
          request_models = { "application/json" = aws_api_gateway_model.pet.name }
        }
        resource "aws_api_gateway_method_response" "ok" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          resource_id = aws_api_gateway_resource.pet.id
          http_method = aws_api_gateway_method.get.http_method
          status_code = "200"
          response_parameters = { "method.response.header.X" = true }
        }
        resource "aws_api_gateway_integration" "get" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          resource_id = aws_api_gateway_resource.pet.id
          http_method = aws_api_gateway_method.get.http_method
          type = "HTTP"
          integration_http_method = "GET"
          uri = "http://127.0.0.1:9/\(variable)"
          request_parameters = { "integration.request.path.id" = "method.request.path.id" }
          request_templates = { "application/json" = "{\(variable)}" }
        }
        resource "aws_api_gateway_integration_response" "ok" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          resource_id = aws_api_gateway_resource.pet.id
          http_method = aws_api_gateway_method.get.http_method
          status_code = aws_api_gateway_method_response.ok.status_code
          response_parameters = { "method.response.header.X" = "'\(variable)'" }
          depends_on = [aws_api_gateway_integration.get]
        }
        resource "aws_api_gateway_gateway_response" "throttled" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          response_type = "THROTTLED"
          status_code = "503"
          response_templates = { "application/json" = "{\(variable)}" }
        }
        resource "aws_api_gateway_documentation_part" "api" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          location { type = "API" }
          properties = jsonencode({ description = "\(variable)" })
        }
        resource "aws_api_gateway_deployment" "first" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          description = "\(variable)"
          depends_on = [aws_api_gateway_integration_response.ok]
        }
        resource "aws_api_gateway_stage" "test" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          deployment_id = aws_api_gateway_deployment.first.id
          stage_name = "test"
          variables = { "\(variable)" = "value" }
          tags = { team = "\(variable)" }
        }
        resource "aws_api_gateway_method_settings" "all" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          stage_name = aws_api_gateway_stage.test.stage_name
          method_path = "*/*"
          settings {
            throttling_rate_limit = \(variable == "one" ? 5 : 6)
            metrics_enabled = true
          }
        }
        resource "aws_api_gateway_deployment" "second" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          triggers = { variable = "\(variable)" }
          depends_on = [aws_api_gateway_integration_response.ok]
          lifecycle { create_before_destroy = true }
        }
        resource "aws_api_gateway_client_certificate" "ours" {
          description = "\(variable)"
        }
        resource "aws_api_gateway_api_key" "team" {
          name = "team"
          description = "\(variable)"
          value = "a-value-of-twenty-and-more"
          tags = { team = "\(variable)" }
        }
        resource "aws_api_gateway_usage_plan" "gold" {
          name = "gold-\(variable)"
          api_stages {
            api_id = aws_api_gateway_rest_api.pets.id
            stage = aws_api_gateway_stage.test.stage_name
          }
          throttle_settings {
            burst_limit = \(variable == "one" ? 5 : 6)
            rate_limit = 10
          }
          quota_settings {
            limit = 100
            period = "WEEK"
          }
        }
        resource "aws_api_gateway_usage_plan_key" "team" {
          key_id = aws_api_gateway_api_key.team.id
          key_type = "API_KEY"
          usage_plan_id = aws_api_gateway_usage_plan.gold.id
        }
        resource "aws_api_gateway_domain_name" "api" {
          domain_name = "api.example.com"
          regional_certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
          security_policy = "\(variable == "one" ? "TLS_1_0" : "TLS_1_2")"
          endpoint_configuration { types = ["REGIONAL"] }
          tags = { team = "\(variable)" }
        }
        resource "aws_api_gateway_base_path_mapping" "api" {
          domain_name = aws_api_gateway_domain_name.api.domain_name
          api_id = aws_api_gateway_rest_api.pets.id
          stage_name = aws_api_gateway_stage.test.stage_name
          base_path = "\(variable)"
        }
        resource "aws_api_gateway_vpc_link" "inside" {
          name = "inside"
          description = "\(variable)"
          target_arns = ["\(VPCLinkTests.target)"]
        }
        resource "aws_api_gateway_documentation_version" "first" {
          rest_api_id = aws_api_gateway_rest_api.pets.id
          version = "1"
          description = "\(variable)"
          depends_on = [aws_api_gateway_documentation_part.api]
        }
        """
    }
}
