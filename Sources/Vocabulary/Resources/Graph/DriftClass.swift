/// What a difference between a target and what was applied to it does, in the order of severity.
package enum DriftClass: String, Sendable, CaseIterable, Comparable {
    /// Words for people, labels, documentation: callers see none of it.
    case cosmetic
    /// Callers may get something else.
    case functional
    /// Somebody may call or reach what was closed to them.
    case accessWidening

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .cosmetic: 0
        case .functional: 1
        case .accessWidening: 2
        }
    }

    /// One sentence for pages.
    package var meaning: String {
        switch self {
        case .cosmetic: "Drift of descriptions, tags and documentation."
        case .functional: "Drift that callers may notice."
        case .accessWidening: "Drift that lets somebody call or reach what was closed to them."
        }
    }
}
