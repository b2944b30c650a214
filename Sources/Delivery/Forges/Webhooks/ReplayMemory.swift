/// Which deliveries were taken, the newest of them.
///
/// In memory only: all that a replayed push could do is one more look at the ref, so a restart may forget.
struct ReplayMemory: Sendable {
    private var seen: Set<String> = []
    private var order: [String] = []
    private var next = 0

    /// - Returns: False if the delivery was taken before: by its id, or, under whatever id, with the same body.
    ///
    /// O(1); at most ``Limits/deliveriesKept`` are remembered.
    mutating func take(_ forge: Forge, _ delivery: Delivery) -> Bool {
        let id = delivery.id.map { "\(forge.rawValue) id \($0)" }
        let body = "\(forge.rawValue) body \(delivery.bodyHash)"
        if seen.contains(body) || id.map(seen.contains) ?? false { return false }
        if let id { remember(id) }
        // A ping says the same each time, and nothing follows from it.
        if delivery.event != .ping { remember(body) }
        return true
    }

    private mutating func remember(_ key: String) {
        guard seen.insert(key).inserted else { return }
        if order.count < 2 * Limits.deliveriesKept {
            order.append(key)
            return
        }
        seen.remove(order[next])
        order[next] = key
        next = (next + 1) % order.count
    }
}
