import JSON
import Resources

/// How many lines of each sort a plan has.
package struct PlanSummary: Sendable, Hashable {
    package private(set) var created = 0
    package private(set) var updated = 0
    package private(set) var replaced = 0
    package private(set) var deleted = 0
    package private(set) var adopted = 0
    package private(set) var forgotten = 0
    /// Stages that serve something else afterwards.
    package private(set) var flipped = 0

    package init(_ plan: Plan) {
        for change in plan.changes {
            switch change.action {
            case .create: created += 1
            case .update: updated += 1
            case .replace: replaced += 1
            case .delete: deleted += 1
            case .adopt: adopted += 1
            case .forget: forgotten += 1
            }
            if change.isFlip { flipped += 1 }
        }
    }

    var json: JSONValue {
        .object(JSONObject(counts.map { ($0.name, .number(JSONNumber($0.count))) }))
    }

    private var counts: [(name: String, count: Int)] {
        [
            ("create", created), ("update", updated), ("replace", replaced), ("delete", deleted), ("adopt", adopted),
            ("forget", forgotten), ("flip", flipped),
        ]
    }

    /// `3 to create, 1 to delete; 2 stages flip`; `no changes` for an empty plan.
    package var text: String {
        let lines = counts.dropLast().filter { $0.count > 0 }.map { "\($0.count) to \($0.name)" }
        guard !lines.isEmpty else { return "no changes" }
        let flips = flipped == 0 ? "" : flipped == 1 ? "; 1 stage flips" : "; \(flipped) stages flip"
        return lines.joined(separator: ", ") + flips
    }
}

extension Change {
    /// A stage that serves another deployment afterwards.
    var isFlip: Bool {
        address.kind == .stage && after != nil && before?["deployment"] != after?["deployment"]
    }
}
