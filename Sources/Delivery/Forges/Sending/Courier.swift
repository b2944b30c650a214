import Blocking
package import Logging
import Synchronization

/// Sends the letters for one receiver, one after the other, until each was taken, refused or given up.
///
/// Handing over a letter never waits. Each is kept before it is sent first, so that a restart sends what was not.
package final class Courier<Item: Letter>: Sendable {
    /// Makes the request of a letter, with the secret as it is now.
    package typealias Writing = @Sendable (Item) throws(ForgeFailure) -> Message
    package typealias Reading = @Sendable (Message.Reply) -> SendOutcome

    private let channel: String
    private let store: (any OutboxStore)?
    private let transport: any MessageTransport
    private let write: Writing
    private let read: Reading
    private let now: @Sendable () -> Int64
    private let random: @Sendable () -> Double
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = Bell()

    private struct State {
        var inbox: [Item] = []
        var isStopped = false
        var drops = 0
    }

    /// - Parameters:
    ///   - channel: Names the receiver: in the store and in the log.
    ///   - now: Milliseconds since 1970.
    ///   - random: Gives numbers from 0 to 1, for the spread of the pauses.
    package init(
        channel: String, store: (any OutboxStore)?, transport: any MessageTransport,
        now: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger, read: @escaping Reading = { $0.outcome },
        write: @escaping Writing
    ) {
        self.channel = channel
        self.store = store
        self.transport = transport
        self.now = now
        self.random = random
        self.clock = clock
        self.logger = logger
        self.read = read
        self.write = write
    }

    /// Takes a letter, at once.
    package func put(_ item: Item) {
        state.withLock { state in
            state.inbox.append(item)
            // LIMIT: the loop is far behind only where the disk stands still.
            guard state.inbox.count > Limits.messagesMax else { return }
            state.inbox.removeFirst()
            state.drops += 1
        }
        bell.ring()
    }

    /// Sends what can be sent at once, then ``run()`` returns; the rest is kept for the next start.
    package func stop() {
        state.withLock { $0.isStopped = true }
        bell.ring()
    }

    /// Runs until ``stop()`` or until the task is cancelled.
    package func run() async {
        var box = Outbox<Item>()
        var complaints = Complaints()
        await restore(&box, &complaints)
        while !Task.isCancelled {
            await takeIn(&box, &complaints)
            if let entry = box.due(at: now()) {
                await attempt(entry, &box, &complaints)
                continue
            }
            if state.withLock({ $0.isStopped && $0.inbox.isEmpty }) { return }
            await bell.wait(atMost: box.isEmpty ? nil : .milliseconds(max(1, box.pausedUntil - now())), clock: clock)
        }
    }

    private func restore(_ box: inout Outbox<Item>, _ complaints: inout Complaints) async {
        guard let store else { return }
        do {
            for document in try await store.kept(channel: channel) {
                guard let item = Item(document) else { continue }
                _ = box.put(item)
            }
        } catch {
            complain(error, &complaints)
        }
    }

    private func takeIn(_ box: inout Outbox<Item>, _ complaints: inout Complaints) async {
        let (items, drops) = state.withLock { state in
            defer { (state.inbox, state.drops) = ([], 0) }
            return (state.inbox, state.drops)
        }
        if drops > 0 { complain(ForgeFailure(.dropped, "\(drops) messages were dropped"), &complaints) }
        for item in items {
            do {
                try await store?.keep(item.document, key: item.key, channel: channel)
            } catch {
                complain(error, &complaints)
            }
            guard let dropped = box.put(item) else { continue }
            complain(ForgeFailure(.dropped, "the oldest of \(Limits.messagesMax) messages was dropped"), &complaints)
            await forget(dropped, &complaints)
        }
    }

    private func attempt(_ entry: Outbox<Item>.Entry, _ box: inout Outbox<Item>, _ complaints: inout Complaints) async {
        let outcome: SendOutcome
        do throws(ForgeFailure) {
            outcome = read(try await transport.send(try write(entry.item)))
        } catch {
            outcome = .later(after: nil, because: "\(error)")
        }
        switch outcome {
        case .taken:
            complaints.end()
            logger.debug("sent", metadata: ["gw.channel": "\(channel)", "gw.key": "\(entry.item.key)"])
            if box.settled(entry) { await forget(entry.item, &complaints) }
        case .refused(let why):
            complain(ForgeFailure(.refused, "`\(channel)` refused a message: \(why)"), &complaints)
            if box.settled(entry) { await forget(entry.item, &complaints) }
        case .later(let pause, let why):
            let isGivenUp = box.failed(entry, at: now(), least: pause, random: random())
            complain(ForgeFailure(.notTaken, "`\(channel)` did not take a message: \(why)"), &complaints)
            guard isGivenUp else { return }
            complain(ForgeFailure(.gaveUp, "a message for `\(channel)` is given up"), &complaints)
            await forget(entry.item, &complaints)
        }
    }

    private func forget(_ item: Item, _ complaints: inout Complaints) async {
        do {
            try await store?.forget(key: item.key, channel: channel)
        } catch {
            complain(error, &complaints)
        }
    }

    /// A trouble is named once, and again when it is another one or came back.
    private func complain(_ failure: ForgeFailure, _ complaints: inout Complaints) {
        logger.log(
            level: complaints.isNews(failure) ? .warning : .debug, "a message was not delivered",
            metadata: [
                "gw.channel": "\(channel)", "gw.code": "\(failure.code.rawValue)", "gw.error": "\(failure)",
            ])
    }
}

/// What was complained of since a message was last taken.
private struct Complaints {
    private var told: Set<String> = []

    mutating func end() { told = [] }

    mutating func isNews(_ failure: ForgeFailure) -> Bool {
        // LIMIT: different texts; a receiver that answers something new each time is told of no further.
        guard told.count < 20 else { return false }
        return told.insert(failure.message).inserted
    }
}
