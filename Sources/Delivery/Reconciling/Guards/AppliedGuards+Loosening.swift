import Diagnostics
import Manifests
import Planning
import Resources

extension AppliedGuards {
    /// One reason for each guard of `applied` that these loosen; empty where they are as strict or stricter.
    func loosening(_ applied: AppliedGuards) -> [ConsentReason] {
        var reasons: [ConsentReason] = []
        if maxDeletes > applied.maxDeletes {
            reasons.append(
                .loosened(field: "spec.apply.maxDeletes", before: "\(applied.maxDeletes)", after: "\(maxDeletes)"))
        }
        for pattern in applied.protect where !covers(pattern) {
            reasons.append(.loosened(field: "spec.apply.protect", before: pattern, after: "nothing"))
        }
        return reasons + looseningOfWatch(applied)
    }

    /// Those that are about drift alone.
    func looseningOfWatch(_ applied: AppliedGuards) -> [ConsentReason] {
        guard let before = applied.watch, let after = watch else { return [] }
        return after.loosening(before)
    }

    /// True if everything that `pattern` protects is protected. A star of it is taken for a letter that only a star has.
    private func covers(_ pattern: String) -> Bool {
        protect.contains { Wildcard.matches(pattern, $0) }
    }
}

extension DriftGuard {
    fileprivate func loosening(_ applied: DriftGuard) -> [ConsentReason] {
        var reasons: [ConsentReason] = []
        if applied.isOn, !isOn {
            reasons.append(
                .loosened(
                    field: "spec.drift.action", before: applied.corrected.isEmpty ? "report" : "correct", after: "off"))
        }
        for driftClass in DriftClass.allCases
        where applied.corrected.contains(driftClass) && !corrected.contains(driftClass) && isOn {
            reasons.append(
                .loosened(field: "spec.drift.action.\(driftClass.rawValue)", before: "correct", after: "report"))
        }
        for rule in ignored where !applied.ignored.contains(where: { $0.covers(rule) }) {
            reasons.append(.loosened(field: "spec.drift.ignore", before: "nothing", after: rule.title))
        }
        return reasons
    }
}

extension DriftRule {
    /// True if everything that `other` ignores is ignored by this, and as long.
    fileprivate func covers(_ other: DriftRule) -> Bool {
        (kind == "*" || kind == other.kind) && Wildcard.matches(other.name, name)
            && other.classes.isSubset(of: classes) && !expires.isBefore(other.expires)
            && other.paths.allSatisfy { wanted in
                paths.contains { path in
                    path.count <= wanted.count && zip(path, wanted).allSatisfy { $0 == "*" || $0 == $1 }
                }
            }
    }

    /// `Stage/pets * (/variables/build) until 2027-01-31, also what widens access`
    fileprivate var title: String {
        let pointers = paths.map { $0.isEmpty ? "everything" : Self.pointer($0) }.joined(separator: ", ")
        return "\(target) (\(pointers)) until \(expires.text)"
            + (classes.contains(.accessWidening) ? ", also what widens access" : "")
    }
}

extension CivilDate {
    fileprivate func isBefore(_ other: CivilDate) -> Bool { daysSince1970 < other.daysSince1970 }
}
