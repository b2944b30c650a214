extension Parser {
    /// The reference at a `$`; nil, with the cursor where it was, if the `$` is text.
    mutating func reference() throws(TemplateFailure) -> Reference? {
        var start = cursor.position + 1
        func byte(_ position: Int) -> UInt8? { position < cursor.bytes.count ? cursor.bytes[position] : nil }
        if byte(start) == UInt8(ascii: "!") { start += 1 }
        let hasBrace = byte(start) == UInt8(ascii: "{")
        if hasBrace { start += 1 }
        guard byte(start)?.startsName == true else { return nil }
        let place = cursor.place()
        cursor.move(to: start)
        let name = name()
        try enter()
        var steps: [Reference.Step] = []
        while let step = try step() { steps.append(step) }
        depth -= 1
        if hasBrace, !cursor.take(UInt8(ascii: "}")) { throw unexpected("`}` of `${\(name)`") }
        return resolved(name, steps, place)
    }

    private mutating func name() -> String {
        let start = cursor.position
        while let byte = cursor.byte, byte.continuesName { cursor.advance() }
        return cursor.text(start..<cursor.position)
    }

    private mutating func step() throws(TemplateFailure) -> Reference.Step? {
        switch cursor.byte {
        case UInt8(ascii: "."):
            guard cursor.peek(1)?.startsName == true else { return nil }
            cursor.advance()
            let place = cursor.place()
            let name = name()
            guard cursor.byte == UInt8(ascii: "(") else { return .property(name) }
            let argumentPlace = cursor.place()
            let arguments = try arguments()
            guard let method = Method(rawValue: name) else {
                throw TemplateFailure(.unknownMethod, "no value has a method `\(name)`", at: place)
            }
            return try resolved(method, arguments, argumentPlace)
        case UInt8(ascii: "["):
            cursor.advance()
            let index = try expression()
            skipSpace()
            guard cursor.take(UInt8(ascii: "]")) else { throw unexpected("`]` of the index") }
            return .index(index)
        default: return nil
        }
    }

    /// The arguments from `(` to `)`.
    mutating func arguments() throws(TemplateFailure) -> [Expression] {
        cursor.advance()
        skipSpace()
        var arguments: [Expression] = []
        if cursor.take(UInt8(ascii: ")")) { return arguments }
        while true {
            arguments.append(try expression())
            skipSpace()
            if cursor.take(UInt8(ascii: ")")) { return arguments }
            guard cursor.take(UInt8(ascii: ",")) else { throw unexpected("`)` of the arguments") }
        }
    }

    /// Paths that are written out are parsed now: a slip shows when the template is parsed, and no request pays for it.
    private func resolved(
        _ method: Method, _ arguments: [Expression], _ place: Place
    ) throws(TemplateFailure) -> Reference.Step {
        guard method == .path || method == .json, arguments.count == 1, case .constant(.string(let text)) = arguments[0]
        else { return .method(method, arguments) }
        do throws(TemplateFailure) {
            let path = try JSONPath(parsing: text)
            return method == .path ? .path(path) : .json(path)
        } catch { throw TemplateFailure(error.code, error.message, at: place) }
    }

    private func resolved(_ name: String, _ steps: [Reference.Step], _ place: Place) -> Reference {
        switch name {
        case "velocityCount": return Reference(root: .loop(parents: 0, .count), steps: steps, place: place)
        case "velocityHasNext": return Reference(root: .loop(parents: 0, .hasNext), steps: steps, place: place)
        case "foreach":
            var rest = steps[...]
            var parents = 0
            while case .property("parent") = rest.first {
                rest.removeFirst()
                parents += 1
            }
            if parents == 0, rest.count > 1, case .property("topmost") = rest.first {
                rest.removeFirst()
                parents = Reference.topmost
            }
            if case .property(let field) = rest.first, let known = Self.loopFields[field] {
                return Reference(root: .loop(parents: parents, known), steps: Array(rest.dropFirst()), place: place)
            }
        default: break
        }
        return Reference(root: .variable(symbols.variable(name)), steps: steps, place: place)
    }

    private static let loopFields: [String: LoopField] = [
        "index": .index, "count": .count, "hasNext": .hasNext, "first": .first, "last": .last,
    ]
}
