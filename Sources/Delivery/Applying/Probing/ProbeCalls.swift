import Resources

/// Questions to stages, each with its deadline.
struct ProbeCalls: Sendable {
    let prober: any StageProber
    let ticker: Ticker

    func ask(_ question: ProbeQuestion?) async -> ProbeAnswer {
        guard let question else { return .failed("the API's id is not known") }
        return await withTaskGroup(of: ProbeAnswer.self) { group in
            group.addTask { [prober] in await prober.ask(question) }
            group.addTask { [ticker] in
                _ = await ticker.sleep(for: question.timeout)
                return .failed("there was no answer within \(question.timeout)")
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failed("there was no answer")
        }
    }
}
