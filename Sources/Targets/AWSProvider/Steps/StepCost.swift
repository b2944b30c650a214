import JSON
import Resources

/// How many calls a step takes, and how long they do.
enum StepCost {
    /// Reads of one API before the first write: itself, its definition in seven lists, the versions of its
    /// documentation, its deployments and its stages.
    private static let readsOfAPI = 11

    /// Of an object of its own: itself, and what is attached to it in three lists.
    private static let readsOfObject = 4

    /// - Parameter target: `spec.target`: AWS allows an account so many calls, an engine answers as fast as it can.
    static func estimate(_ steps: [Step], target: JSONValue) -> Estimate {
        let operations = steps.compactMap { Operation(rawValue: $0.operation) }
        let touched = Set(steps.lazy.flatMap(\.effects).map(\.address))
        let own = touched.filter(\.kind.isObjectOfItsOwn)
        let roots = Set(touched.subtracting(own).map(\.root))
        let ownCalls = steps.count { $0.effects.first?.address.kind.isObjectOfItsOwn == true }
        let reads = roots.count * readsOfAPI + own.count * readsOfObject + ownCalls
        let calls = operations.reduce(reads) { $0 + $1.calls }
        let isAWS = target["aws"] != nil && target["aws"]?["endpoint"] == nil
        guard isAWS else { return Estimate(calls: calls, duration: .milliseconds(2) * calls) }
        var paces: [Operation: Int] = [:]
        for operation in operations { paces[operation.paced, default: 0] += 1 }
        let slowest = paces.map { $0.key.pause * $0.value }.max() ?? .zero
        return Estimate(calls: calls, duration: slowest + .milliseconds(100) * calls)
    }
}

extension Operation {
    /// Reads that the call needs included.
    fileprivate var calls: Int {
        switch self {
        case .createRestAPI, .updateRestAPI, .deleteRestAPI, .createDeployment, .createDocumentationVersion,
            .deleteStage:
            1
        // The tags that are set, and those that are removed.
        case .tagRestAPI, .tagStage: 2
        // The API is read, then imported.
        case .fillRestAPI: 2
        // What the step does not touch is read before.
        case .putRestAPI: 9
        // The deployment is looked for by its fingerprint.
        case .createStage, .updateStage: 2
        // The marker in its description is read before.
        case .updateDeployment: 3
        }
    }

    /// The pause that an account has to keep between two calls.
    ///
    /// SOURCE: API Gateway developer guide, "Quotas for creating, deploying and managing an API", read 2026-10-20; what
    /// is not listed there shares ten calls a second.
    fileprivate var pause: Duration {
        switch self {
        case .createRestAPI: .seconds(3)
        case .deleteRestAPI: .seconds(30)
        case .putRestAPI: .seconds(1)
        case .createDeployment: .seconds(5)
        default: .zero
        }
    }

    /// The operation whose pace it shares.
    fileprivate var paced: Operation { self == .fillRestAPI ? .putRestAPI : self }
}
