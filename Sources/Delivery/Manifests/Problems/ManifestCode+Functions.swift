import Diagnostics

extension ManifestCode {
    var functionExplanation: Explanation {
        switch self {
        case .badCode:
            Explanation(
                meaning: "the code of a function cannot be taken from where the manifest says",
                cause: "the folder is not there, is empty or too large, or a file of it cannot be read",
                remedy: "correct `spec.code`: a folder of the repository, relative to the manifest",
                example: "code: ../../elsewhere")
        case .unknownRuntime:
            Explanation(
                meaning: "a function's runtime is none that is known here; the target may know it",
                cause: "a spelling mistake, or a runtime that is newer than this version",
                remedy: "correct it, or leave it if the target has it", example: "runtime: pyton3.13")
        case .runtimeNotRun:
            Explanation(
                meaning: "the engine keeps this function and cannot run it: every call of it will fail",
                cause: "the engine runs Python and executables called `bootstrap`, and the runtime is another one",
                remedy: "deliver an executable `bootstrap` for a runtime `provided`, or deploy the function to AWS",
                example: "runtime: nodejs22.x")
        case .missingEntryPoint:
            Explanation(
                meaning: "the folder of a function's code lacks what its runtime starts: every call of it will fail",
                cause: "`bootstrap` is missing or was committed without its executable bit, or `handler` names no file",
                remedy: "add the file, commit it as executable, or correct `handler`",
                example: "git update-index --chmod=+x functions/hours/bootstrap")
        case .badFunctionCall:
            Explanation(
                meaning: "an integration or an authorizer names a function in a way that never runs it",
                cause: "its uri is an ARN of the function instead of its `invokeArn`, or its method is not POST",
                remedy: "write `uri: ${Function/name.invokeArn}` and `httpMethod: POST`",
                example: "uri: ${Function/hours.arn}")
        case .badRoleReference:
            Explanation(
                meaning:
                    "credentials of an integration or an authorizer, or the role of a function, are no ARN of a role",
                cause: "the reference takes the role's name or id", remedy: "take its `arn`",
                example: "credentials: ${Role/gateway.name}")
        default:
            Explanation(
                meaning:
                    "an API calls a function that does not let API Gateway call it: calls will be answered with 500",
                cause: "the function has no entry under `permissions`, and the integration has no credentials",
                remedy: "add one, or give the integration the credentials of a role that may call the function",
                example: "permissions: { gateway: { principal: apigateway.amazonaws.com } }")
        }
    }
}
