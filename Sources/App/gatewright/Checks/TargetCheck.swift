import Diagnostics
import JSON
import Resources

/// Names what an environment's target asks for and this version cannot do, before anything is planned.
enum TargetCheck {
    static func check(_ graph: DesiredGraph) -> [Diagnostic] {
        guard graph.target["aws"]?["assumeRole"] != nil else { return [] }
        return [
            Diagnostic(
                .error, CommandFailure.Code.unsupportedTarget,
                "`spec.target.aws.assumeRole` of environment `\(graph.environment)` is not there yet", at: nil,
                remedy: remedy)
        ]
    }

    static let remedy =
        "assume the role outside and start gatewright with its credentials, as in "
        + "`eval \"$(aws configure export-credentials --profile NAME --format env)\"`"
}
