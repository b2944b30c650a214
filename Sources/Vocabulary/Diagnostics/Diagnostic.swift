/// What is wrong, or doubtful, in what the user wrote.
///
/// Diagnostics are collected, many at once: the first never hides the second. An operation that did not happen is a
/// ``Failure`` instead.
package struct Diagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
        case note, warning, error

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    package var severity: Severity
    /// The raw value of a ``StableCode``.
    package var code: String
    /// One sentence: starts lower case, no full stop at the end, what the user wrote in backticks, no secrets.
    package var message: String
    /// The first is where it is wrong; the others are places that explain it. Empty only when no file is to blame.
    package var spans: [SourceSpan]
    /// What to do about it, in the style of ``message``.
    package var remedy: String?

    package init<Code: StableCode>(
        _ severity: Severity, _ code: Code, _ message: String, at spans: [SourceSpan], remedy: String? = nil
    ) {
        self.severity = severity
        self.code = code.rawValue
        self.message = message
        self.spans = spans
        self.remedy = remedy
    }

    package init<Code: StableCode>(
        _ severity: Severity, _ code: Code, _ message: String, at span: SourceSpan?, remedy: String? = nil
    ) {
        self.init(severity, code, message, at: span.map { [$0] } ?? [], remedy: remedy)
    }
}

extension Sequence<Diagnostic> {
    /// True if one of them is an error, so that nothing may be planned from what was read.
    package var hasErrors: Bool { contains { $0.severity == .error } }
}
