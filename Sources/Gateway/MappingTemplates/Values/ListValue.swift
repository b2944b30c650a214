import JSON

/// A list that several variables may share, as in Java.
final class ListValue {
    private enum Storage {
        /// Not touched since it was read from JSON.
        case json([JSONValue])
        case values([Value])
    }

    private var storage: Storage
    /// Lists read from JSON print as JSON; those that a template writes print as Java does: `[a, b]`.
    let printsJSON: Bool

    init(json elements: [JSONValue]) {
        storage = .json(elements)
        printsJSON = true
    }

    init(_ elements: [Value]) {
        storage = .values(elements)
        printsJSON = false
    }

    var count: Int {
        switch storage {
        case .json(let elements): elements.count
        case .values(let elements): elements.count
        }
    }

    /// The JSON elements, if no template has touched them.
    var untouched: [JSONValue]? { if case .json(let elements) = storage { elements } else { nil } }

    /// Reading makes the elements values of this list: a map taken out of it twice is one map.
    var elements: [Value] {
        get {
            switch storage {
            case .values(let elements): return elements
            case .json(let json):
                let elements = json.map(Value.init)
                storage = .values(elements)
                return elements
            }
        }
        set { storage = .values(newValue) }
    }

    /// Changes the elements where they are.
    func mutate<Result>(_ body: (inout [Value]) -> Result) -> Result {
        var elements = elements
        storage = .values([])
        defer { storage = .values(elements) }
        return body(&elements)
    }

    subscript(position: Int) -> Value? {
        if case .json(let json) = storage, json.indices.contains(position) {
            switch json[position] {
            case .array, .object: break
            case let scalar: return Value(scalar)
            }
        }
        return elements.indices.contains(position) ? elements[position] : nil
    }
}
