/// The letters for one receiver that wait to be sent: pure, so that every rule has a test.
///
/// The receiver is one server, so a pause counts for all letters: none is tried while the one before was not taken.
struct Outbox<Item: Letter>: Sendable {
    struct Entry: Sendable {
        var item: Item
        /// Tells this letter from a newer one of the same key.
        var number: Int
        var attempts = 0
    }

    private(set) var entries: [Entry] = []
    /// Nothing is sent before this, in milliseconds since 1970.
    private(set) var pausedUntil: Int64 = 0
    /// Failed attempts in a row, of whatever letter.
    private var failures = 0
    private var lastNumber = 0

    var isEmpty: Bool { entries.isEmpty }

    /// Adds a letter at the end; one with the same key that waits is taken out.
    ///
    /// - Returns: The oldest, where there are too many.
    mutating func put(_ item: Item) -> Item? {
        lastNumber += 1
        entries.removeAll { $0.item.key == item.key }
        entries.append(Entry(item: item, number: lastNumber))
        return entries.count > Limits.messagesMax ? entries.removeFirst().item : nil
    }

    /// The letter to send next; nil while there is none or all wait.
    func due(at now: Int64) -> Entry? { now >= pausedUntil ? entries.first : nil }

    /// - Returns: False if a newer letter of the same key waits: what is kept is about that one.
    mutating func settled(_ entry: Entry) -> Bool {
        failures = 0
        pausedUntil = 0
        return remove(entry)
    }

    /// - Parameters:
    ///   - least: What the receiver asks for.
    ///   - random: From 0 to 1.
    /// - Returns: True if the letter is given up.
    mutating func failed(_ entry: Entry, at now: Int64, least: Duration?, random: Double) -> Bool {
        let whole = min(Limits.pauseFirst * (1 << min(failures, 20)), Limits.pauseMax)
        failures += 1
        let pause = max(least ?? .zero, whole * (0.5 + 0.5 * random))
        pausedUntil = now + pause.milliseconds
        guard let position = entries.firstIndex(where: { $0.number == entry.number }) else { return false }
        entries[position].attempts += 1
        guard entries[position].attempts >= Limits.attemptsMax else { return false }
        entries.remove(at: position)
        return true
    }

    private mutating func remove(_ entry: Entry) -> Bool {
        guard let position = entries.firstIndex(where: { $0.number == entry.number }) else {
            return !entries.contains { $0.item.key == entry.item.key }
        }
        entries.remove(at: position)
        return true
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
