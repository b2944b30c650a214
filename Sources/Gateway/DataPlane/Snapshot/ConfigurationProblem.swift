package import Diagnostics

/// Why a route of a stage answers 500: the engine cannot do what its configuration asks, so it does not serve it.
package enum ConfigurationProblem: String, StableCode {
    case authorization = "data-plane.authorization-not-enforceable"
    case userPool = "data-plane.user-pool-unknown"
    case requestBody = "data-plane.request-body-not-validated"
    case integration = "data-plane.integration-not-offered"
    case endpoint = "data-plane.endpoint-invalid"
    case linkTarget = "data-plane.link-target-unknown"
    case mapping = "data-plane.mapping-invalid"
    case template = "data-plane.template-invalid"
    case pattern = "data-plane.pattern-invalid"
    case gatewayResponse = "data-plane.gateway-response-invalid"

    package var explanation: Explanation {
        switch self {
        case .authorization:
            Explanation(
                meaning: "a route asks for an authorization that this engine cannot enforce, so it answers 500",
                cause:
                    "the route's authorizer does not exist, names no function of the account or no user pool, or has settings "
                    + "that cannot be used; or the resource policy of its API cannot be read",
                remedy:
                    "correct the authorizer or the policy as the message says, or deploy to a target that enforces it")
        case .userPool:
            Explanation(
                meaning:
                    "a route asks for tokens of a user pool whose keys this engine cannot find, so it answers 500",
                cause:
                    "the engine fetches the keys that tokens are checked with from where its configuration says, and it says "
                    + "nothing of `cognito-idp`. `validate` does not know the configuration of the engine and always says "
                    + "this, as a warning",
                remedy:
                    "configure `engine.endpoints.services.cognito-idp.url`, or start the engine with `--endpoint "
                    + "cognito-idp=URL`: `URL/POOL/.well-known/jwks.json` must have the keys",
                example: "gatewright serve --endpoint cognito-idp=https://cognito-idp.us-east-1.amazonaws.com")
        case .requestBody:
            Explanation(
                meaning: "a route asks for its requests to be validated, which cannot be done, so it answers 500",
                cause: "its validator or a model of it does not exist, or the model is no JSON Schema of draft 4",
                remedy: "correct the model as the message says, or take the validator from the method",
                example: #"{"type": "object", "required": true}"#)
        case .integration:
            Explanation(
                meaning: "a route has an integration that this engine does not offer, so it answers 500",
                cause:
                    "the integration is missing; or its function is of another account; or it calls a service without "
                    + "credentials, or with some that are no role",
                remedy: "use a function of the account, name a role, or deploy to a target that offers it")
        case .endpoint:
            Explanation(
                meaning: "the address of an integration's endpoint is not valid, so the route answers 500",
                cause:
                    "a stage variable that it or its connection id names is not set, or it is neither an http address "
                    + "nor a function's",
                remedy: "set the stage variable, or correct the integration's uri",
                example: "http://${stageVariables.host}/pets")
        case .linkTarget:
            Explanation(
                meaning:
                    "a private link leads to a load balancer that this engine knows no targets of, so it will fail",
                cause:
                    "the engine's configuration has no entry for the ARN under `engine.endpoints.targets`, or the command "
                    + "was not given the configuration that the engine runs with",
                remedy: "add the entry, and give the file by `--config`",
                example: "engine: { endpoints: { targets: { ARN: { addresses: [10.0.0.11:8080] } } } }")
        case .mapping:
            Explanation(
                meaning: "a parameter mapping cannot be understood, so the route answers 500",
                cause: "the target or the source of the mapping has no known form",
                remedy: "use `method.request.header.X`, `stageVariables.X`, `context.X`, `'literal'` and their like")
        case .template:
            Explanation(
                meaning: "a mapping template cannot be parsed, so the route answers 500",
                cause: "the template has a syntax error",
                remedy: "correct the template at the place that the message names")
        case .pattern:
            Explanation(
                meaning: "a selection pattern cannot be understood, so the route answers 500",
                cause: "it is no regular expression, or uses look-around or back references",
                remedy: "use plain regular expressions such as `4\\d{2}` or `.*timeout.*`")
        case .gatewayResponse:
            Explanation(
                meaning: "a part of a gateway response cannot be understood and is left out",
                cause: "its status code or the source of one of its headers has no known form",
                remedy: "use a three-digit status code and `'literal'`, `method.request.header.X` or `context.X`")
        }
    }
}
