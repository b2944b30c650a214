import Diagnostics
import JSON
import Reconciling
import Resources

/// `/status`: where the ref and each environment stand, as JSON.
enum StatusDocument {
    static func document(_ fleet: FleetStatus, _ environments: [EnvironmentStatus]) -> JSONValue {
        var source: JSONObject = ["ref": .string(fleet.ref)]
        source["headCommit"] = fleet.headCommit.map { .string($0) }
        source["lastPolled"] = fleet.lastPolled.map { .string($0.description) }
        source["problem"] = fleet.problem.map { document($0) }
        return ["environments": .array(environments.map { document($0) }), "source": .object(source)]
    }

    /// One environment with what happened to it since the start.
    static func document(_ status: EnvironmentStatus, _ counters: ReconcilerCounters?) -> JSONValue {
        guard let counters, case .object(var document) = document(status) else { return document(status) }
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        document["counters"] = [
            "commitsSkipped": number(counters.commitsSkipped), "plans": number(counters.plans),
            "stalePlans": number(counters.stalePlans), "steps": number(counters.steps),
            "retries": number(counters.retries), "recoveries": number(counters.recoveries),
        ]
        return .object(document)
    }

    static func problem(_ code: ReconcilingFailure.Code, _ message: String) -> JSONValue {
        ["problem": document(Problem(code: code.rawValue, message: message))]
    }

    static func document(_ problem: Problem) -> JSONValue {
        ["code": .string(problem.code), "message": .string(problem.message)]
    }

    static func document(_ status: EnvironmentStatus) -> JSONValue {
        var document: JSONObject = [
            "environment": .string(status.environment), "ref": .string(status.ref),
            "state": .string(status.state.rawValue),
        ]
        document["headCommit"] = status.headCommit.map { .string($0) }
        document["appliedCommit"] = status.appliedCommit.map { .string($0) }
        document["appliedDigest"] = status.appliedDigest.map { .string($0) }
        document["appliedRevision"] = status.appliedRevision.map { .number(JSONNumber($0)) }
        document["problem"] = status.problem.map { Self.document($0) }
        if !status.diagnostics.isEmpty {
            document["diagnostics"] = .array(status.diagnostics.map { Self.document($0) })
        }
        document["pendingDigest"] = status.pendingDigest.map { .string($0) }
        document["hold"] = status.hold.map { RevisionText.document($0) }
        document["lastPolled"] = status.lastPolled.map { .string($0.description) }
        document["lastReconciled"] = status.lastReconciled.map { .string($0.description) }
        document["lastApplied"] = status.lastApplied.map { .string($0.description) }
        document["nextAttempt"] = status.nextAttempt.map { .string($0.description) }
        document["drift"] = status.drift.map { Self.document($0) }
        return .object(document)
    }

    private static func document(_ drift: DriftStatus) -> JSONValue {
        var document: JSONObject = [:]
        var counts: JSONObject = [:]
        for driftClass in DriftClass.allCases.reversed() {
            counts[driftClass.rawValue] = .number(JSONNumber(drift.counts[driftClass] ?? 0))
        }
        counts["ignored"] = .number(JSONNumber(drift.ignoredCount))
        document["drifted"] = .bool(!drift.fingerprint.isEmpty)
        document["counts"] = .object(counts)
        document["calls"] = .number(JSONNumber(drift.callsCount))
        document["lastSweep"] = drift.lastSweep.map { .string($0.description) }
        document["nextSweep"] = drift.nextSweep.map { .string($0.description) }
        document["pendingDigest"] = drift.pendingDigest.map { .string($0) }
        document["problem"] = drift.problem.map { Self.document($0) }
        return .object(document)
    }

    static func document(_ diagnostic: Diagnostic) -> JSONValue {
        var document: JSONObject = [
            "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code),
            "message": .string(diagnostic.message),
        ]
        if let span = diagnostic.spans.first {
            document["file"] = .string(span.file)
            document["line"] = .number(JSONNumber(span.line))
            document["column"] = .number(JSONNumber(span.column))
        }
        document["remedy"] = diagnostic.remedy.map { .string($0) }
        return .object(document)
    }
}
