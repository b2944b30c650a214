#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How long one rendering may keep its thread. The time that other threads take does not count, so a busy machine
/// refuses nothing that an idle one renders.
struct TimeBudget: Sendable {
    let milliseconds: Int
    /// Nil until the first look: most renderings end before it, and never ask for the time.
    private var end: Int?

    init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// Work of known length between two looks at the clock.
    static let stepsBetweenLooks = 16_384

    mutating func check(at place: Place) throws(TemplateFailure) {
        guard let end else {
            let (end, overflow) = Self.now.addingReportingOverflow(max(milliseconds, 0))
            self.end = overflow ? .max : end
            return
        }
        guard Self.now <= end else {
            throw TemplateFailure(
                .tooMuchWork, "the template did not end within \(milliseconds) milliseconds", at: place)
        }
    }

    /// Milliseconds that this thread has run.
    private static var now: Int {
        var time = timespec()
        guard clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
        return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
    }
}
