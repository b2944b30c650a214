import JSON

extension Evaluator {
    mutating func value(of reference: Reference) throws(TemplateFailure) -> Value {
        var value: Value
        switch reference.root {
        case .variable(let variable): value = variables[variable]
        case .loop(let parents, let field): value = loopValue(parents, field)
        }
        guard !reference.steps.isEmpty else { return value }
        for step in reference.steps {
            if value.isNull { return .null }
            place = reference.place
            value = try apply(step, to: value)
        }
        return value
    }

    private func loopValue(_ parents: Int, _ field: LoopField) -> Value {
        guard parents < loops.count || parents == Reference.topmost, !loops.isEmpty else { return .null }
        let loop = parents == Reference.topmost ? loops[0] : loops[loops.count - 1 - parents]
        let last = min(loop.count, limits.loopTurnsMax) - 1
        return switch field {
        case .index: .int(loop.index)
        case .count: .int(loop.index + 1)
        case .hasNext: .bool(loop.index < last)
        case .first: .bool(loop.index == 0)
        case .last: .bool(loop.index == last)
        }
    }

    mutating func apply(_ step: Reference.Step, to value: Value) throws(TemplateFailure) -> Value {
        try charge(1)
        switch step {
        case .property(let name): return property(name, of: value)
        case .index(let index):
            let index = try self.value(of: index)
            switch value {
            case .list(let list):
                guard let position = index.int else { return .null }
                return list[position < 0 ? position + list.count : position] ?? .null
            case .map(let map): return map[try text(of: index)] ?? .null
            default: return .null
            }
        case .method(let method, let arguments):
            var values: [Value] = []
            if !arguments.isEmpty { values.reserveCapacity(arguments.count) }
            for argument in arguments { values.append(try self.value(of: argument)) }
            return try call(method, on: value, Arguments(values: values, method: method, place: place))
        case .path(let path):
            guard case .input = value else { return .null }
            return try inputPath(path)
        case .json(let path):
            guard case .input = value else { return .null }
            return try inputJSON(path)
        }
    }

    private func property(_ name: String, of value: Value) -> Value {
        switch value {
        case .map(let map): return map[name] ?? .null
        case .list(let list): return name == "empty" ? .bool(list.count == 0) : .null
        case .string(let text): return name == "empty" ? .bool(text.isEmpty) : .null
        case .entry(let entry): return name == "key" ? .string(entry.name) : name == "value" ? entry.value : .null
        case .input: return name == "body" ? .string(input.body ?? "{}") : .null
        case .null, .bool, .int, .double, .number, .block, .util: return .null
        }
    }

    mutating func put(_ value: Value, as name: String, into map: MapValue) throws(TemplateFailure) {
        guard map.count < limits.elementsMax else { throw tooManyElements() }
        note(nested: .map(map), holding: value)
        map.set(name, value)
    }

    mutating func set(_ value: Value, at position: Int, of list: ListValue) throws(TemplateFailure) {
        guard position >= 0, position < list.count else { throw outside(position, list.count) }
        note(nested: .list(list), holding: value)
        list.mutate { $0[position] = value }
    }

    func position(_ value: Value) throws(TemplateFailure) -> Int {
        guard let position = value.int else {
            throw TemplateFailure(.badArgument, "a position in a list must be a whole number", at: place)
        }
        return position
    }

    func outside(_ position: Int, _ count: Int) -> TemplateFailure {
        TemplateFailure(.badArgument, "position \(position) is outside of \(count) elements", at: place)
    }

    func tooManyElements() -> TemplateFailure {
        TemplateFailure(.tooMuchWork, "a list or map grows past \(limits.elementsMax) elements", at: place)
    }
}
