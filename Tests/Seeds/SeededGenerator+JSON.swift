package import JSON

extension SeededGenerator {
    /// Any JSON, up to `depth` deep.
    package mutating func value(depth: Int = 4) -> JSONValue {
        switch Int.random(in: 0..<(depth == 0 ? 5 : 8), using: &self) {
        case 0: return .null
        case 1: return .bool(.random(using: &self))
        case 2: return .number(number())
        case 3, 4: return .string(text())
        case 5:
            return .array((0..<Int.random(in: 0...5, using: &self)).map { _ in value(depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...20, using: &self) { object[text()] = value(depth: depth - 1) }
            return .object(object)
        }
    }

    /// A number in any of JSON's spellings, longer than a `Double` can hold at times.
    package mutating func number() -> JSONNumber {
        func digits(_ count: ClosedRange<Int>, _ generator: inout Self) -> String {
            (0..<Int.random(in: count, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }.joined()
        }
        var text = Bool.random(using: &self) ? "-" : ""
        text += Bool.random(using: &self) ? "0" : String(Int.random(in: 1...9, using: &self)) + digits(0...30, &self)
        if Bool.random(using: &self) { text += "." + digits(1...25, &self) }
        if Int.random(in: 0..<3, using: &self) == 0 {
            text += ["e", "E"].randomElement(using: &self) ?? "e"
            text += ["", "+", "-"].randomElement(using: &self) ?? ""
            text += digits(1...3, &self)
        }
        return JSONNumber(text: text)
    }

    /// A text with what needs an escape, or looks as if it did.
    package mutating func text() -> String {
        let pieces = [
            "a", "name", "\"", "\\", "/", "\n", "\t", "\r", "\u{8}", "\u{C}", "\u{0}", "\u{1F}", "\u{7F}", "é",
            "e\u{301}", "日本", "😀", "\u{FFFF}", "\u{10FFFF}", " ", "'", "{", ":", "null", "12", "\u{FEFF}",
        ]
        let count = Int.random(in: 0...6, using: &self)
        return (0..<count).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }
}
