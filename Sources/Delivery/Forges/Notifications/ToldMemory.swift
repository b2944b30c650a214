/// What was told already: a trouble that lasts is told once, and again as a reminder.
package struct ToldMemory: Sendable {
    private struct Told {
        var fingerprint: String
        var time: Int64
    }

    private struct Place: Hashable {
        var environment: String
        var kind: Notice.Kind
    }

    private var told: [Place: Told] = [:]
    private let reminder: Int64

    /// - Parameter reminder: Before a trouble that has not changed is told again; six hours unless given.
    package init(reminder: Duration? = nil) { self.reminder = (reminder ?? Limits.reminder).milliseconds }

    /// - Returns: True if the notice is news, or a reminder that is due: then it counts as told.
    package mutating func isNews(_ notice: Notice) -> Bool {
        if notice.kind.endsTrouble {
            told = told.filter { $0.key.environment != notice.environment || $0.key.kind == notice.kind }
        }
        let place = Place(environment: notice.environment, kind: notice.kind)
        if let before = told[place], before.fingerprint == notice.fingerprint {
            // A wall clock that was set back must not silence reminders.
            guard notice.time < before.time || notice.time - before.time >= reminder else { return false }
        }
        if told.count >= Limits.problemsKept, told[place] == nil,
            let oldest = told.min(by: { $0.value.time < $1.value.time })?.key
        {
            told[oldest] = nil
        }
        told[place] = Told(fingerprint: notice.fingerprint, time: notice.time)
        return true
    }
}

extension Notice {
    /// Equal for what is the same to people. The problem's own words may hold times and request ids.
    fileprivate var fingerprint: String {
        [commit ?? "", revision.map(String.init) ?? "", problemCode ?? "", message].joined(separator: "\u{0}")
    }
}

extension Notice.Kind {
    /// After these, the same trouble is news again.
    fileprivate var endsTrouble: Bool {
        switch self {
        case .applied, .driftCorrected, .resumed: true
        case .refused, .rolledBack, .residue, .failed, .held, .recovered, .driftFound: false
        }
    }
}
