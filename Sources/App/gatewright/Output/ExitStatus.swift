import ArgumentParser

/// The exit codes that scripts count on: documented in `docs/architecture.md`, section 8, and never renumbered.
enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case error = 1
    /// Only with `--detailed-exitcode`.
    case changes = 2
    case drift = 3
    /// A stale plan, or an approval, policy or confirmation that is missing.
    case notApproved = 4
    case targetUnreachable = 5
    case rolledBack = 6
    case residue = 7
    case someoneElse = 8
    case usage = 64
    case interrupted = 130

    var code: ExitCode { ExitCode(rawValue) }

    /// For the manual page.
    var meaning: String {
        switch self {
        case .done: "All went well."
        case .error: "Something is wrong; the message has a code that `gatewright explain` explains."
        case .changes: "There are changes; only with `--detailed-exitcode`."
        case .drift: "The target is not as it was applied."
        case .notApproved: "A stale plan, or an approval, policy or confirmation that is missing."
        case .targetUnreachable: "The target cannot be reached."
        case .rolledBack: "A step failed, and all before it was put back."
        case .residue: "A step failed, and not all before it could be put back; the residue is named."
        case .someoneElse: "Another process is applying to the environment."
        case .usage: "The command line is wrong."
        case .interrupted: "Interrupted."
        }
    }
}
