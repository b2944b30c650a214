extension Evaluator {
    mutating func call(
        _ method: Method, on list: ListValue, _ arguments: Arguments
    ) throws(TemplateFailure) -> Value {
        switch method {
        case .size: return .int(list.count)
        case .isEmpty: return .bool(list.count == 0)
        case .get:
            let position = try arguments.int(0)
            return list[position] ?? .null
        case .set:
            let position = try arguments.int(0)
            let value = try arguments.value(1)
            let old = list[position]
            try set(value, at: position, of: list)
            return old ?? .null
        case .contains: return .bool(try firstIndex(of: try arguments.value(0), in: list) != nil)
        case .indexOf: return .int(try firstIndex(of: try arguments.value(0), in: list) ?? -1)
        case .lastIndexOf: return .int(try lastIndex(of: try arguments.value(0), in: list) ?? -1)
        case .containsAll:
            for wanted in Self.elements(try arguments.value(0)) {
                guard try firstIndex(of: wanted, in: list) != nil else { return .bool(false) }
            }
            return .bool(true)
        case .add: return try add(arguments, to: list)
        case .addAll:
            let more = Self.elements(try arguments.value(arguments.count > 1 ? 1 : 0))
            let position = arguments.count > 1 ? try arguments.int(0) : list.count
            guard position >= 0, position <= list.count else { throw outside(position, list.count) }
            guard more.count <= limits.elementsMax - list.count else { throw tooManyElements() }
            try charge(1 + more.count + (list.count - position) / Self.bytesPerStep)
            _ = noted(.list(list), holding: more)
            list.mutate { $0.insert(contentsOf: more, at: position) }
            return .bool(!more.isEmpty)
        case .remove: return try remove(arguments, from: list)
        case .removeAll, .retainAll:
            let named = ListValue(Self.elements(try arguments.value(0)))
            var kept: [Value] = []
            for element in list.elements
            where (try firstIndex(of: element, in: named) == nil) == (method == .removeAll) { kept.append(element) }
            let isChanged = kept.count != list.count
            list.elements = kept
            return .bool(isChanged)
        case .clear:
            list.elements = []
            return .null
        case .subList:
            let (from, to) = (try arguments.int(0), try arguments.int(1))
            guard from >= 0, from <= to, to <= list.count else { throw outside(from < 0 ? from : to, list.count) }
            try charge(1 + to - from)
            let part = Array(list.elements[from..<to])
            return noted(.list(ListValue(part)), holding: part)
        case .iterator, .toArray:
            try charge(1 + list.count)
            return noted(.list(ListValue(list.elements)), holding: list.elements)
        case .hasNext: return .bool(list.count > 0)
        case .next:
            // What `iterator()` gives: a list that is used up from the front.
            guard list.count > 0 else { throw outside(0, 0) }
            try charge(1 + list.count / Self.bytesPerStep)
            return list.mutate { $0.removeFirst() }
        default: return .null
        }
    }

    private mutating func add(_ arguments: Arguments, to list: ListValue) throws(TemplateFailure) -> Value {
        guard list.count < limits.elementsMax else { throw tooManyElements() }
        guard arguments.count > 1 else {
            let value = try arguments.value(0)
            note(nested: .list(list), holding: value)
            list.mutate { $0.append(value) }
            return .bool(true)
        }
        let position = try arguments.int(0)
        let value = arguments.values[1]
        guard position >= 0, position <= list.count else { throw outside(position, list.count) }
        try charge(1 + list.count / 64)
        note(nested: .list(list), holding: value)
        list.mutate { $0.insert(value, at: position) }
        return .null
    }

    /// A whole number is a position and gives the element back; anything else is the element itself.
    private mutating func remove(_ arguments: Arguments, from list: ListValue) throws(TemplateFailure) -> Value {
        try charge(1 + list.count / 64)
        if let position = try arguments.value(0).int {
            guard position >= 0, position < list.count else { throw outside(position, list.count) }
            return list.mutate { $0.remove(at: position) }
        }
        guard let position = try firstIndex(of: arguments.values[0], in: list) else { return .bool(false) }
        list.mutate { _ = $0.remove(at: position) }
        return .bool(true)
    }

    private mutating func firstIndex(of value: Value, in list: ListValue) throws(TemplateFailure) -> Int? {
        for (position, element) in list.elements.enumerated() where try isAlike(element, value) { return position }
        return nil
    }

    private mutating func lastIndex(of value: Value, in list: ListValue) throws(TemplateFailure) -> Int? {
        for (position, element) in list.elements.enumerated().reversed() where try isAlike(element, value) {
            return position
        }
        return nil
    }

    private static func elements(_ value: Value) -> [Value] {
        if case .list(let list) = value { list.elements } else { [] }
    }
}
