import Diagnostics
import JSON
import Reconciling

/// `/status`: where an environment stands, as JSON.
enum StatusDocument {
    static func document(_ status: EnvironmentStatus) -> JSONValue {
        var document: JSONObject = [
            "environment": .string(status.environment), "ref": .string(status.ref),
            "state": .string(status.state.rawValue),
        ]
        document["headCommit"] = status.headCommit.map { .string($0) }
        document["appliedCommit"] = status.appliedCommit.map { .string($0) }
        document["appliedDigest"] = status.appliedDigest.map { .string($0) }
        document["appliedRevision"] = status.appliedRevision.map { .number(JSONNumber($0)) }
        document["problem"] = status.problem.map {
            ["code": .string($0.code), "message": .string($0.message)]
        }
        if !status.diagnostics.isEmpty {
            document["diagnostics"] = .array(status.diagnostics.map { Self.document($0) })
        }
        document["pendingDigest"] = status.pendingDigest.map { .string($0) }
        document["lastPolled"] = status.lastPolled.map { .string($0.description) }
        document["lastReconciled"] = status.lastReconciled.map { .string($0.description) }
        document["lastApplied"] = status.lastApplied.map { .string($0.description) }
        document["nextAttempt"] = status.nextAttempt.map { .string($0.description) }
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
