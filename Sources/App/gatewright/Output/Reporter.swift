import AWSProvider
import Applying
import ArgumentParser
import Diagnostics
import Reconciling
import Resources

/// Turns what a command throws into one message and one exit code.
enum Reporter {
    /// Runs a command's work.
    ///
    /// - Throws: Only `ExitCode` and the parser's own errors: the message has been printed.
    static func run(_ terminal: Terminal, _ work: () async throws -> ExitStatus) async throws {
        let status: ExitStatus
        do {
            status = try await work()
        } catch let failure as any Failure {
            terminal.note(text(of: failure))
            status = exitStatus(of: failure)
        } catch is CancellationError {
            status = .interrupted
        }
        if status != .done { throw status.code }
    }

    /// `error[code]: message`, each cause on a line of its own, and where to read on.
    static func text(of failure: any Failure) -> String {
        var lines = ["error[\(failure.codeText)]: \(failure.message)"]
        var cause = failure.cause
        while let next = cause {
            if let failure = next as? any Failure {
                lines.append("  because [\(failure.codeText)]: \(failure.message)")
                cause = failure.cause
            } else {
                lines.append("  because: \(next)")
                cause = nil
            }
        }
        lines.append("  help: gatewright explain \(failure.codeText)")
        return lines.joined(separator: "\n")
    }

    /// Of the failure itself, or of the first of its causes that a code is promised for.
    static func exitStatus(of failure: any Failure) -> ExitStatus {
        var next: (any Failure)? = failure
        while let failure = next {
            if let status = promisedStatus(of: failure) { return status }
            next = failure.cause as? any Failure
        }
        return .error
    }

    private static func promisedStatus(of failure: any Failure) -> ExitStatus? {
        switch failure {
        // The way to a target that someone else has open ends in a failure of the provider as well.
        case let failure as ProviderFailure where failure.code == .unreachable && failure.cause == nil:
            .targetUnreachable
        case let failure as CredentialsFailure where failure.code == .unreachable: .targetUnreachable
        case let failure as CredentialsFailure where failure.code == .otherAccount: .notApproved
        case let failure as ApplyFailure where failure.code == .targetOutOfReach: .targetUnreachable
        case let failure as ApplyFailure where failure.code == .stopped || failure.code == .cancelled: .interrupted
        case let failure as ReconcilingFailure:
            switch failure.code {
            case .consentNeeded, .digestDiffers, .stale, .targetChanged, .targetForbidden, .held, .signatureRefused:
                .notApproved
            case .holdChanged: .someoneElse
            default: nil
            }
        case let failure as CommandFailure:
            switch failure.code {
            case .serverUnreachable: .targetUnreachable
            case .notConfirmed, .staleDigest, .otherEnvironment, .otherTarget: .notApproved
            default: nil
            }
        case let failure as DataDirectoryFailure where failure.code == .inUse: .someoneElse
        case let failure as LeaseFailure where failure.code != .unavailable: .someoneElse
        case let failure as JournalFailure where failure.code == .fenced: .someoneElse
        default: nil
        }
    }
}

extension Failure {
    /// The code as it is printed and explained.
    var codeText: String { code.rawValue }
}
