import DataPlane
import JSON

/// What an operation answers when it succeeds.
enum Reply: Sendable {
    case json(JSONObject)
    case empty
    /// A body that is not the API's own JSON, as of `GetExport`.
    case payload([UInt8], contentType: String, disposition: String?)
    /// The data plane runs the method before the answer is known.
    case testInvocation(TestInvocation)
    /// The data plane asks the authorizer before the answer is known.
    case authorizerInvocation(AuthorizerInvocation)
    /// The data plane forgets what the stage's authorizers have said; the answer is empty.
    case forgottenGrants(apiID: String, stageName: String)
    /// The function runs before the answer is known.
    case invocation(FunctionName)
    /// The data plane's counters are asked for the answer.
    case usage(UsageReport)
}
