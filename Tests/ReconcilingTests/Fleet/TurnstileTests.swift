import Synchronization
import Testing

@testable import Reconciling

@Suite("The turnstile", .timeLimit(.minutes(1)))
struct TurnstileTests {
    /// Who is inside.
    private final class Room: Sendable {
        private let counts = Mutex((now: 0, most: 0, passed: 0))
        var most: Int { counts.withLock { $0.most } }
        var passed: Int { counts.withLock { $0.passed } }

        func stay() async {
            counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
            }
            await Task.yield()
            counts.withLock { counts in
                counts.now -= 1
                counts.passed += 1
            }
        }
    }

    @Test("no more pass at once than there are places, and all pass")
    func places() async {
        let turnstile = Turnstile(places: 3)
        let room = Room()
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { _ = await turnstile.pass { await room.stay() } } }
        }
        #expect(room.most <= 3)
        #expect(room.passed == 50)
    }

    @Test("one that is cancelled while it waits gives up, and its place is not lost")
    func cancellation() async {
        let turnstile = Turnstile(places: 1)
        let (reached, signal) = AsyncStream<Void>.makeStream()
        let (release, releasing) = AsyncStream<Void>.makeStream()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await turnstile.pass {
                    signal.yield()
                    for await _ in release { break }
                }
            }
            for await _ in reached { break }
            await withTaskGroup(of: Bool.self) { inner in
                inner.addTask { await turnstile.pass {} }
                inner.cancelAll()
                #expect(await inner.next() == false)
            }
            releasing.yield()
            #expect(await group.next() == true)
        }
        #expect(await turnstile.pass {})
    }
}
