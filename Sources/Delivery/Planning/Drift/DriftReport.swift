package import Diagnostics
package import JSON
package import Resources

/// Where a target is not what was last applied to it; kept apart from change, which is what a commit wants.
package struct DriftReport: Sendable {
    package var environment: String
    /// The commit that was applied last; nil where nothing was, or where it is not known.
    package var appliedCommit: String?
    /// The commit at which the environment is to be, where that is another one.
    package var desiredCommit: String?
    /// The worst first, then in the order of their addresses.
    package var lines: [DriftLine]
    /// In the same order.
    package var ignored: [IgnoredDrift]
    /// What is to be known beside: rules that expired or match nothing.
    package var notes: [Diagnostic]
    /// Calls that reading the target took.
    package var callsCount = 0

    package var isEmpty: Bool { lines.isEmpty }

    /// Compares what was applied with what was read; what was not read is not in the report.
    package init(_ input: DriftInput) {
        let found = DriftIgnoring(
            DriftComparison(input).lines.sorted { $0.address < $1.address }, input.ignore, on: input.today)
        environment = input.environment
        lines = found.reported.sorted(by: Self.isWorse)
        ignored = found.ignored.sorted { Self.isWorse($0.line, $1.line) }
        notes = found.notes
    }

    private static func isWorse(_ left: DriftLine, _ right: DriftLine) -> Bool {
        left.driftClass == right.driftClass ? left.address < right.address : left.driftClass > right.driftClass
    }

    /// Lines of one class; ignored ones do not count.
    package func count(of driftClass: DriftClass) -> Int { lines.count { $0.driftClass == driftClass } }

    /// Only the lines that are asked for.
    package func only(_ isWanted: (DriftLine) -> Bool) -> DriftReport {
        var report = self
        report.lines = lines.filter(isWanted)
        return report
    }

    /// 64 hex digits that change when other drift is found; empty without drift. Ignored drift does not count.
    package var fingerprint: String {
        guard !isEmpty else { return "" }
        return CanonicalHash.of(.array(lines.sorted { $0.address < $1.address }.map(\.mark)))
    }
}

extension DriftReport {
    /// `gatewright.drift/v1`, documented in `docs/drift.md`.
    ///
    /// - Parameter showsIgnored: Whether each ignored line is listed, and not only counted.
    package func json(showsIgnored: Bool) -> JSONValue {
        var counts: JSONObject = [:]
        for driftClass in DriftClass.allCases.reversed() {
            counts[driftClass.rawValue] = .number(JSONNumber(count(of: driftClass)))
        }
        counts["ignored"] = .number(JSONNumber(ignored.count))
        var object: JSONObject = [
            "format": "gatewright.drift/v1", "environment": .string(environment),
            "appliedCommit": appliedCommit.map { .string($0) } ?? .null,
            "desiredCommit": (desiredCommit ?? appliedCommit).map { .string($0) } ?? .null,
            "drifted": .bool(!isEmpty), "fingerprint": .string(fingerprint), "counts": .object(counts),
            "drift": .array(lines.map(\.json)),
        ]
        if showsIgnored {
            object["ignored"] = .array(
                ignored.map { ignored in
                    var line = ignored.line.json.object ?? [:]
                    line["rule"] = [
                        "target": .string(ignored.rule.target), "owner": .string(ignored.rule.owner),
                        "reason": .string(ignored.rule.reason), "expires": .string(ignored.rule.expires.text),
                    ]
                    return .object(line)
                })
        }
        object["notes"] = .array(notes.map(\.noteJSON))
        object["calls"] = .number(JSONNumber(callsCount))
        return .object(object)
    }
}

extension Diagnostic {
    fileprivate var noteJSON: JSONValue {
        var object: JSONObject = [
            "severity": .string(severity.rawValue), "code": .string(code), "message": .string(message),
        ]
        object["place"] = spans.first.map { .string($0.description) }
        object["remedy"] = remedy.map { .string($0) }
        return .object(object)
    }
}
