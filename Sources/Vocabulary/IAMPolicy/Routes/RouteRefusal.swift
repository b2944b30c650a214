/// The message of a call that was not allowed; the status is 403.
///
/// SOURCE: API Gateway developer guide, "Troubleshooting", and answers of the service.
package struct RouteRefusal: Sendable, Hashable {
    /// `Message` where IAM refuses, with a capital letter.
    package let member: String
    package let message: String

    /// A refusal by identity policies or the resource policy.
    ///
    /// - Parameter outcome: Not `allowed`.
    package static func iam(
        _ caller: Caller, action: String = "execute-api:Invoke", resource: String, _ outcome: AccessDecision.Outcome
    ) -> RouteRefusal {
        let user = caller.kind == .anonymous ? "anonymous" : caller.arn
        let text = "User: \(user) is not authorized to perform: \(action) on resource: \(masked(resource))"
        return RouteRefusal(member: "Message", message: text + suffix(outcome))
    }

    /// A refusal by the policy of an authorizer.
    package static func authorizer(_ outcome: AccessDecision.Outcome) -> RouteRefusal {
        RouteRefusal(member: "Message", message: "User is not authorized to access this resource" + suffix(outcome))
    }

    private static func suffix(_ outcome: AccessDecision.Outcome) -> String {
        outcome == .explicitlyDenied ? " with an explicit deny" : ""
    }

    /// The ARN with all of its account but the last four digits as stars.
    package static func masked(_ arn: String) -> String {
        var parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6 else { return arn }
        let kept = parts[4].suffix(4)
        parts[4] = String(repeating: "*", count: parts[4].count - kept.count) + kept
        return parts.joined(separator: ":")
    }
}
