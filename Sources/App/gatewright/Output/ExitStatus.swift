import ArgumentParser

/// The exit codes that scripts count on: documented in `docs/architecture.md`, section 8, and never renumbered.
enum ExitStatus: Int32 {
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
}
