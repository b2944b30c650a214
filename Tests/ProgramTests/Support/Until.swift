/// Something did not happen in time.
struct TimedOut: Error, CustomStringConvertible {
    var what: String
    var seen: String
    var description: String { "waited in vain for \(what); last seen:\n\(seen)" }
}

/// Asks again until the answer is there.
///
/// - Parameters:
///   - pause: Between two attempts.
///   - attempt: Gives the answer, or nil and what it saw instead.
func until<Answer>(
    _ what: String, within seconds: Int = Limits.waitSecondsMax, pause: Duration = .milliseconds(50),
    _ attempt: () async throws -> (answer: Answer?, seen: String)
) async throws -> Answer {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
        let (answer, seen) = try await attempt()
        if let answer { return answer }
        guard ContinuousClock.now < deadline else { throw TimedOut(what: what, seen: seen) }
        try await Task.sleep(for: pause)
    }
}
