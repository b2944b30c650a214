import Glibc

/// Runs one workload, prints its figure beside the budget it defends.
struct Bench {
    /// CPU seconds of the process, all threads.
    static var cpuSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// Resident memory at its highest, in MiB.
    static var peakMebibytes: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }

    /// The best of several runs: other work on the machine only ever makes a run slower.
    static func best(of runs: Int, _ work: () async throws -> Void) async rethrows -> Duration {
        var best = Duration.seconds(1_000_000)
        for _ in 0..<runs {
            let elapsed = try await ContinuousClock().measure { try await work() }
            best = min(best, elapsed)
        }
        return best
    }

    /// - Parameter isMet: Nil where there is no budget.
    static func report(_ name: String, _ figure: Double, _ unit: String, budget: String = "", isMet: Bool? = nil) {
        let rounded = (figure * 100).rounded() / 100
        let verdict = isMet.map { $0 ? "  met" : "  MISSED" } ?? ""
        print("\(name): \(rounded) \(unit)\(budget.isEmpty ? "" : "  (budget \(budget))")\(verdict)")
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
