extension Evaluator {
    mutating func call(
        _ method: Method, on map: MapValue, _ arguments: Arguments
    ) throws(TemplateFailure) -> Value {
        switch method {
        case .size: return .int(map.count)
        case .isEmpty: return .bool(map.count == 0)
        case .get: return map[try text(0, arguments)] ?? .null
        case .getOrDefault:
            let name = try text(0, arguments)
            return map.contains(name) ? map[name] ?? .null : try arguments.value(1)
        case .containsKey: return .bool(map.contains(try text(0, arguments)))
        case .containsValue:
            let wanted = try arguments.value(0)
            for member in map.members where try isAlike(member.value, wanted) { return .bool(true) }
            return .bool(false)
        case .replace where !map.contains(try text(0, arguments)): return .null
        case .put, .putIfAbsent, .replace:
            let name = try text(0, arguments)
            let value = try arguments.value(1)
            let old = map.contains(name) ? map[name] ?? .null : .null
            if method != .putIfAbsent || old.isNull { try put(value, as: name, into: map) }
            return old
        case .putAll:
            guard case .map(let other) = try arguments.value(0) else { return .null }
            try charge(1 + other.count)
            for member in other.members { try put(member.value, as: member.name, into: map) }
            return .null
        case .remove:
            // The positions of the others are found anew.
            try charge(1 + map.count / 8)
            return map.remove(try text(0, arguments)) ?? .null
        case .clear:
            map.removeAll()
            return .null
        case .keySet:
            try charge(1 + map.count)
            return .list(ListValue(map.members.map { .string($0.name) }))
        case .values:
            try charge(1 + map.count)
            let values = map.members.map(\.value)
            return noted(.list(ListValue(values)), holding: values)
        case .entrySet:
            try charge(1 + map.count)
            let entries = map.members.map { Value.entry(MapEntry(of: map, name: $0.name, value: $0.value)) }
            return noted(.list(ListValue(entries)), holding: entries)
        default: return .null
        }
    }
}
