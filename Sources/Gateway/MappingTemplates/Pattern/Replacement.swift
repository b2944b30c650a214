/// What `replaceAll` puts in: text with `$1`, `${name}` and backslashes that quote.
struct Replacement {
    enum Part {
        case text([UInt32])
        case group(Int)
    }

    private(set) var parts: [Part] = []

    /// - Throws: `template.bad-argument` for a group that the pattern has not, and for a `$` or `\` that means nothing.
    init(parsing text: String, for pattern: Pattern) throws(TemplateFailure) {
        let scalars = text.unicodeScalars.map(\.value)
        var literal: [UInt32] = []
        var position = 0
        func digit(_ position: Int) -> Int? {
            guard position < scalars.count, (0x30...0x39).contains(scalars[position]) else { return nil }
            return Int(scalars[position] - 0x30)
        }
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            switch Unicode.Scalar(scalar) {
            case "\\":
                guard position < scalars.count else { throw Self.bad("a backslash ends the replacement") }
                literal.append(scalars[position])
                position += 1
            case "$":
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = []
                if var number = digit(position) {
                    guard number < pattern.groupCount else { throw Self.bad("the pattern has no group \(number)") }
                    position += 1
                    // More digits belong to the number as long as there is such a group.
                    while let more = digit(position), number * 10 + more < pattern.groupCount {
                        number = number * 10 + more
                        position += 1
                    }
                    parts.append(.group(number))
                } else if position < scalars.count, scalars[position] == 0x7B,
                    let close = scalars[position...].firstIndex(of: 0x7D)
                {
                    var name = String.UnicodeScalarView()
                    for scalar in scalars[(position + 1)..<close] {
                        if let scalar = Unicode.Scalar(scalar) { name.append(scalar) }
                    }
                    guard let number = pattern.groupNames[String(name)] else {
                        throw Self.bad("the pattern has no group `\(String(name))`")
                    }
                    parts.append(.group(number))
                    position = close + 1
                } else {
                    throw Self.bad("a `$` of the replacement names no group; a plain one is written `\\$`")
                }
            default: literal.append(scalar)
            }
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
    }

    private static func bad(_ message: String) -> TemplateFailure { TemplateFailure(.badArgument, message, at: .start) }
}
