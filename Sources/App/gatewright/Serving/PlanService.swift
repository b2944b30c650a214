import Diagnostics
import GitSource
import HTTPTypes
import JSON
import Manifests
import Planning
import Reconciling
import Resources

/// `/plan`: what a commit would change in one of the environments that this controller owns.
struct PlanService: Sendable {
    let repository: GitRepository
    let pipeline: Pipeline
    /// Empty for all of the repository.
    let environments: [String]

    /// - Parameters:
    ///   - environment: May be nil where there is only one.
    ///   - ref: A branch, a tag, a full or short id.
    ///   - refreshes: Reads the whole target first.
    /// - Returns: `{"plan": …}`, or `{"diagnostics": […]}` for manifests with errors, or `{"problem": {code, message}}`.
    func answer(
        environment: String?, ref: String, refreshes: Bool
    ) async -> (status: HTTPResponse.Status, document: JSONValue) {
        let environment = environment ?? (environments.count == 1 ? environments[0] : nil)
        if let environment, !environments.isEmpty, !environments.contains(environment) {
            return (
                .notFound,
                StatusDocument.problem(.unknownEnvironment, "this controller does not own `\(environment)`")
            )
        }
        do {
            let commit = try await repository.resolve(ref)
            let result = try await pipeline.load(CommitTree(repository, at: commit), environment: environment)
            guard let graph = result.graph else {
                return (
                    .unprocessableContent,
                    ["diagnostics": .array(result.diagnostics.map { StatusDocument.document($0) })]
                )
            }
            try await pipeline.verify(commit, in: repository, environment: graph.environment)
            let prepared = try await pipeline.plan(graph, observing: refreshes ? .everything : .whenNeeded)
            return (.ok, ["plan": prepared.plan.json])
        } catch let failure as any Failure {
            let problem = Problem(failure)
            let isUnknown = (failure as? GitFailure)?.code == .unknownRef
            let isRefused = (failure as? ReconcilingFailure)?.code == .signatureRefused
            return (
                isUnknown ? .notFound : isRefused ? .unprocessableContent : .serviceUnavailable,
                ["problem": ["code": .string(problem.code), "message": .string(problem.message)]]
            )
        } catch {
            return (.internalServerError, ["problem": ["code": "", "message": .string("\(error)")]])
        }
    }
}
