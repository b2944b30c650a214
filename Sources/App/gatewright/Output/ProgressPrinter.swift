import Applying
import Resources

/// Shows an apply's steps as they run: one line each, on standard error.
struct ProgressPrinter: Sendable {
    private let isShown: Bool

    init(_ terminal: Terminal) { isShown = terminal.isInteractive }

    func show(_ progress: ApplyProgress) {
        guard isShown, let line = Self.line(progress) else { return }
        Terminal.writeError(line + "\n")
    }

    static func line(_ progress: ApplyProgress) -> String? {
        switch progress {
        case .reading(let count): "reading \(count) objects"
        case .began(let count, let isRecovery): isRecovery ? "recovering an apply of \(count) steps" : "\(count) steps"
        case .step(_, let operation, let addresses, let state, let failure):
            switch state {
            case .pending: nil
            case .inFlight: "  \(operation) \(subject(addresses)) ..."
            default: "  \(operation) \(subject(addresses)): \(state.rawValue)\(failure.map { " (\($0.message))" } ?? "")"
            }
        case .waiting(_, let operation, let pause, let failure):
            "  \(operation) waits \(pause): \(failure.message)"
        case .turned(let cause): "taking everything back: \(cause.failure.message)"
        }
    }

    private static func subject(_ addresses: [Address]) -> String {
        let first = addresses.first.map { "\($0)" } ?? ""
        return addresses.count > 1 ? "\(first) and \(addresses.count - 1) more" : first
    }
}
