/// What is known of the keys of one pool, and when they are asked for again. A value: the time comes with each question.
struct KeySet {
    enum Answer {
        /// - isStale: It is time to look whether it is still the pool's.
        case key(WebKey, isStale: Bool)
        /// The pool does not have it, as far as it was asked lately.
        case unknown
        case mustFetch
        /// No keys were ever there; the reason is for logs.
        case unavailable(String)
    }

    private var keys: [String: WebKey] = [:]
    /// When these keys came, and when they were last asked for: milliseconds since 1970.
    private var fetched: Int64?
    private var tried: Int64?
    private var failure: String?

    /// - Parameter now: Milliseconds since 1970.
    func answer(_ keyID: String, at now: Int64) -> Answer {
        if let key = keys[keyID] {
            return .key(key, isStale: isDue(at: now) && Self.seconds(since: fetched, now) >= Limits.webKeySecondsMax)
        }
        if isDue(at: now) { return .mustFetch }
        return fetched == nil ? .unavailable(failure ?? "its keys are not there yet") : .unknown
    }

    /// Whoever makes up names of keys cannot make the pool be asked more often than this.
    private func isDue(at now: Int64) -> Bool { Self.seconds(since: tried, now) >= Limits.webKeyRetrySeconds }

    /// In either direction, since clocks are set back too.
    private static func seconds(since then: Int64?, _ now: Int64) -> Int64 {
        then.map { abs(now.subtractingReportingOverflow($0).partialValue) / 1000 } ?? .max
    }

    mutating func began(at now: Int64) { tried = now }

    /// What was there before stays when nothing came.
    mutating func ended(_ result: Result<[String: WebKey], KeySetFailure>, at now: Int64) {
        switch result {
        case .success(let keys):
            self.keys = keys
            fetched = now
            failure = nil
        case .failure(let failure): self.failure = failure.reason
        }
    }
}
