import HashTreeCollections

/// Objects by their key. A copy costs nothing, and a change to it a path of the tree: each write works on a copy of all
/// there is, beside readers and earlier writes that keep theirs (docs/decisions/0016-trees-that-share.md).
struct Table<Value: Sendable>: Sendable, ExpressibleByDictionaryLiteral {
    private var tree: TreeDictionary<String, Value> = [:]

    init(dictionaryLiteral elements: (String, Value)...) {
        for (key, value) in elements { tree[key] = value }
    }

    subscript(key: String) -> Value? {
        get { tree[key] }
        set { tree[key] = newValue }
    }

    /// What was there.
    @discardableResult
    mutating func removeValue(forKey key: String) -> Value? { tree.removeValue(forKey: key) }

    var count: Int { tree.count }

    /// In no order.
    var values: some Collection<Value> { tree.values }

    /// As a dictionary of its own, for what outlives the state.
    var dictionary: [String: Value] { Dictionary(uniqueKeysWithValues: tree.lazy.map { ($0.key, $0.value) }) }

    /// In the order of the keys.
    var sorted: [(key: String, value: Value)] { tree.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
}
