import Manifests

/// What the loop of one environment knows from its last attempts; what must outlast the process is in the stores.
struct Memory {
    /// What became of one commit.
    struct Settled {
        enum Kind: Equatable {
            /// The target is at the commit.
            case ready
            /// Waits for a newer commit.
            case refused
            /// Waits for a consent to this plan.
            case consent(digest: String)
            /// Tried again at this time.
            case retry(at: Timestamp)
        }

        var commit: String
        var kind: Kind
    }

    /// What was shown before a failure that belongs to no commit.
    struct Outage {
        var state: EnvironmentStatus.State
        var problem: Problem?
    }

    /// Unfinished applies were looked for, and there are none left.
    var isRecovered = false
    /// The stores were asked where the environment stands.
    var isRestored = false
    var settled: Settled?
    var backOff = BackOff()
    /// Until the environment could be looked at again.
    var outage: Outage?
    /// Of the last commit that was loaded to its end.
    var inputs: TreeInputs?
    /// Of the attempt before, when the target was not as it was thought to be.
    var scope = ObservationScope.whenNeeded
    var drift = DriftMemory()
    /// The digest that a person agreed to last.
    var consent: String?

    /// True if `commit` needs no attempt now.
    func isSettled(_ commit: String, at now: Timestamp, _ settings: ReconcilerSettings) -> Bool {
        guard let settled, settled.commit == commit else { return false }
        switch settled.kind {
        case .ready, .refused: return true
        case .consent(let digest): return consent != digest
        case .retry(let time):
            // A wall clock that was set back must not stretch the pause.
            return now < time && time.since(now) <= settings.pauseMax * 2
        }
    }
}
