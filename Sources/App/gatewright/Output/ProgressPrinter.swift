import Applying
import Resources

/// Shows an apply's steps on standard error: as they begin and end on a terminal, a plain line each at their end in CI.
struct ProgressPrinter: Sendable {
    private let isLive: Bool

    init(_ terminal: Terminal) { isLive = terminal.isInteractive }

    func show(_ progress: ApplyProgress) {
        if !isLive, case .step(_, .inFlight, _) = progress { return }
        guard let line = Self.line(progress) else { return }
        Terminal.writeError(line + "\n")
    }

    static func line(_ progress: ApplyProgress) -> String? {
        switch progress {
        case .reading(let count): "reading \(count) objects"
        case .began(let count, let isRecovery): isRecovery ? "recovering an apply of \(count) steps" : "\(count) steps"
        case .step(let step, let state, let failure):
            switch state {
            case .pending: nil
            case .inFlight: "  \(subject(step)) ..."
            default: "  \(subject(step)): \(state.rawValue)\(failure.map { " (\($0.message))" } ?? "")"
            }
        case .waiting(let step, let pause, let failure): "  \(subject(step)) waits \(pause): \(failure.message)"
        case .propagating(let time): "waiting \(time) for what was granted to propagate"
        case .probing(let probes): "asking \(probes.count == 1 ? "a stage" : "\(probes.count) times") whether it serves"
        case .probed(let probe): "  \(probe.stage.name), \(probe.question): \(probe.answer)"
        case .turned(let cause): "taking everything back: \(cause.failure.message)"
        }
    }

    private static func subject(_ step: Step) -> String {
        let first = step.effects.first.map { "\($0.address)" } ?? ""
        let others = step.effects.count > 1 ? " and \(step.effects.count - 1) more" : ""
        return "\(step.operation) \(first)\(others)"
    }
}
