import JSON
import Reconciling

/// A revision for people and for programs.
enum RevisionText {
    static func line(_ revision: Revision) -> String {
        let problem = revision.problem.map { "\n        [\($0.code)] \($0.message)" } ?? ""
        return "\(padded("\(revision.number)", 5))  \(revision.started)  \(revision.commit.prefix(7))  "
            + "\(padded(revision.outcome.words, 11))  \(revision.author)  \(revision.subject)\(problem)"
    }

    static func line(_ event: Event) -> String {
        let problem = event.problem.map { "\n        [\($0.code)] \($0.message)" } ?? ""
        return "\(event.time)  \(event.commit?.prefix(7) ?? "-------")  \(padded(event.kind.rawValue, 11))  "
            + "\(event.message)\(problem)"
    }

    /// - Parameter changes: As ``RevisionStore/changes(of:environment:)`` gives them.
    static func page(_ revision: Revision, _ changes: JSONValue?) -> String {
        var lines = [
            "revision \(revision.number) of `\(revision.environment)`: \(revision.outcome.words)",
            "  commit    \(revision.commit)", "  author    \(revision.author)", "  subject   \(revision.subject)",
            "  plan      \(revision.planDigest ?? "none")", "  started   \(revision.started)",
            "  duration  \(milliseconds(revision)) ms", "  steps     \(revision.stepsCount)",
        ]
        if let problem = revision.problem { lines.append("  problem   [\(problem.code)] \(problem.message)") }
        guard let changes else {
            if revision.planDigest != nil { lines.append("its changes are not kept any more") }
            return lines.joined(separator: "\n")
        }
        lines.append(revision.outcome.leftChanges ? "changes:" : "changes, taken back:")
        for change in changes["changes"]?.array ?? [] { lines += text(of: change) }
        if let omitted = changes["omitted"]?.int, omitted > 0 { lines.append("  … and \(omitted) more") }
        return lines.joined(separator: "\n")
    }

    private static func text(of change: JSONValue) -> [String] {
        let symbol =
            switch change["action"]?.string {
            case "create": "+"
            case "delete": "-"
            case "replace": "±"
            case "forget": "×"
            case "adopt": "→"
            default: "~"
            }
        let properties = (change["properties"]?.array ?? []).map { property -> String in
            let path = property["path"]?.string ?? ""
            let (before, after) = (property["before"]?.text(.compact), property["after"]?.text(.compact))
            guard before != nil || after != nil else { return "      \(path)" }
            return "      \(path): \(before ?? "nothing") -> \(after ?? "nothing")"
        }
        return ["  \(symbol) \(change["address"]?.string ?? "")"] + properties
    }

    static func document(_ revision: Revision) -> JSONObject {
        // Whether a commit that was rolled back is tried again is a matter of its own.
        let outcome = revision.outcome == .refused ? Revision.Outcome.rolledBack : revision.outcome
        var document: JSONObject = [
            "number": .number(JSONNumber(revision.number)), "environment": .string(revision.environment),
            "commit": .string(revision.commit), "author": .string(revision.author),
            "subject": .string(revision.subject), "outcome": .string(outcome.rawValue),
            "isFinal": .bool(revision.outcome.isFinal), "started": .string(revision.started.description),
            "durationMilliseconds": .number(JSONNumber(milliseconds(revision))),
            "steps": .number(JSONNumber(revision.stepsCount)),
        ]
        document["planDigest"] = revision.planDigest.map { .string($0) }
        document["problem"] = revision.problem.map { Self.document($0) }
        return document
    }

    static func document(_ event: Event) -> JSONValue {
        var document: JSONObject = [
            "environment": .string(event.environment), "kind": .string(event.kind.rawValue),
            "time": .string(event.time.description), "message": .string(event.message),
        ]
        document["commit"] = event.commit.map { .string($0) }
        document["problem"] = event.problem.map { Self.document($0) }
        return .object(document)
    }

    /// For `/status` and for `--format json`.
    static func document(_ hold: Hold) -> JSONValue {
        var document: JSONObject = [
            "kind": .string(hold.kind.rawValue), "since": .string(hold.since.description), "by": .string(hold.by),
            "reason": .string(hold.reason),
        ]
        document["until"] = hold.until.map { .string($0.description) }
        document["commit"] = hold.commit.map { .string($0) }
        document["head"] = hold.head.map { .string($0) }
        document["revision"] = hold.revision.map { .number(JSONNumber($0)) }
        return .object(document)
    }

    private static func document(_ problem: Problem) -> JSONValue {
        ["code": .string(problem.code), "message": .string(problem.message)]
    }

    private static func milliseconds(_ revision: Revision) -> Int {
        let (seconds, attoseconds) = revision.duration.components
        return Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
