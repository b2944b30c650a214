import JSON
package import Resources

/// A run of a plan's changes of one class, and what is waited for after it.
package struct PlanPhase: Sendable, Hashable {
    package enum Wait: String, Sendable {
        /// What was granted must be known everywhere before callers depend on it. A target whose changes hold at once,
        /// such as the embedded engine, has nothing to wait for.
        case propagation
        /// What callers see now is looked at before anything is taken away.
        case probe
    }

    package var visibility: Change.Visibility
    /// Positions in ``Plan/changes``.
    package var range: Range<Int>
    /// False for the last segment: nothing of it comes back.
    package var isReversible: Bool
    /// Before what comes next: after grants that a flip follows, and after the last flip that can be undone.
    package var wait: Wait?

    var json: JSONValue {
        var object: JSONObject = [
            "class": .string(visibility.rawValue), "changes": .number(JSONNumber(range.count)),
            "reversible": .bool(isReversible),
        ]
        object["then"] = wait.map { .string($0.rawValue) }
        return .object(object)
    }
}

extension Plan {
    /// The changes in runs of one class: hidden preparation, grants, flips, revocations, deletes, and what cannot be
    /// undone. A change that another one needs early stands in a run of its own class between others.
    package var phases: [PlanPhase] {
        var phases: [PlanPhase] = []
        for (position, change) in changes.enumerated() {
            if let last = phases.last, last.visibility == change.visibility, last.isReversible == change.isReversible {
                phases[phases.count - 1].range = last.range.lowerBound..<position + 1
            } else {
                phases.append(
                    PlanPhase(
                        visibility: change.visibility, range: position..<position + 1,
                        isReversible: change.isReversible))
            }
        }
        var isFlipAhead = false
        var isProbeAhead = false
        for position in phases.indices.reversed() {
            switch phases[position].visibility {
            case .grant:
                if isFlipAhead { phases[position].wait = .propagation }
                isFlipAhead = false
            case .flip:
                if phases[position].isReversible, !isProbeAhead {
                    phases[position].wait = .probe
                    isProbeAhead = true
                }
                isFlipAhead = true
            case .hidden, .revoke, .delete: continue
            }
        }
        return phases
    }
}
