import Resources

/// How an object stands that the service makes or changes in its own time.
enum Usability {
    case usable, pending, gone
    /// For good; with the service's words, if it has any.
    case failed(String?)

    /// Looks until the object is usable.
    ///
    /// - Throws: Deferred, while it is not; refused, with the service's words, where it never will be.
    static func wait(
        for address: Address, _ look: () async throws(ProviderFailure) -> Usability
    ) async throws(ProviderFailure) {
        var pause = Duration.milliseconds(200)
        for _ in 0..<Limits.linkReadsMax {
            switch try await look() {
            case .usable: return
            case .gone:
                throw ProviderFailure(.notFound, "`\(address)` is not at the target any more", effect: .none)
            case .failed(let words):
                let why = words.map { ": \($0)" } ?? ""
                throw ProviderFailure(.refused, "`\(address)` cannot be used\(why)", effect: .none)
            case .pending: break
            }
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw ProviderFailure(
                    .conflict, "`\(address)` is not usable yet", effect: .deferred(retryAfter: .seconds(1)))
            }
            pause = min(pause * 2, .seconds(2))
        }
        throw ProviderFailure(
            .conflict, "`\(address)` is not usable yet", effect: .deferred(retryAfter: .seconds(5)))
    }
}
