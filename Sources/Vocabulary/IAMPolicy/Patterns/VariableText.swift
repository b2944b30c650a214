/// A text of a policy in which `${...}` may stand for values of the request.
struct VariableText: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        /// Bytes, wildcards as ``Glob`` has them.
        case text([UInt8])
        /// A key in lower case, and what stands for it where the request has none.
        case variable(key: String, fallback: [UInt8]?)
    }

    /// Why a text cannot be read.
    enum Fault: Error, Equatable {
        case notClosed
        case empty
        case badName(String)
        case badDefault(String)
    }

    let parts: [Part]

    /// - Parameters:
    ///   - hasWildcards: `*` and `?` outside variables are wildcards.
    ///   - hasVariables: False for documents of 2008, where `${...}` is text.
    init(_ text: String, hasWildcards: Bool, hasVariables: Bool) throws(Fault) {
        let bytes = Array(text.utf8)
        let wildcard = hasWildcards ? Glob.wildcard : { $0 }
        var parts: [Part] = []
        var open: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard hasVariables, bytes[position] == UInt8(ascii: "$"), position + 1 < bytes.count,
                bytes[position + 1] == UInt8(ascii: "{")
            else {
                open.append(wildcard(bytes[position]))
                position += 1
                continue
            }
            guard let end = Self.end(bytes, from: position + 2) else { throw .notClosed }
            switch try Self.part(bytes[(position + 2)..<end]) {
            case .text(let literal): open += literal
            case let variable:
                if !open.isEmpty { parts.append(.text(open)) }
                open = []
                parts.append(variable)
            }
            position = end + 1
        }
        if !open.isEmpty { parts.append(.text(open)) }
        self.parts = parts
    }

    /// The place of the brace that closes; braces inside a quoted default do not count.
    private static func end(_ bytes: [UInt8], from start: Int) -> Int? {
        var isQuoted = false
        for position in start..<bytes.count {
            if bytes[position] == UInt8(ascii: "'") { isQuoted.toggle() }
            if !isQuoted, bytes[position] == UInt8(ascii: "}") { return position }
        }
        return nil
    }

    private static func part(_ inside: ArraySlice<UInt8>) throws(Fault) -> Part {
        let text = String(decoding: inside, as: UTF8.self)
        if ["*", "?", "$"].contains(text) { return .text(Array(inside)) }
        let comma = inside.firstIndex(of: UInt8(ascii: ","))
        let name = trimmed(inside[..<(comma ?? inside.endIndex)])
        guard !name.isEmpty else { throw .empty }
        guard let colon = name.firstIndex(of: UInt8(ascii: ":")), colon > name.startIndex,
            colon + 1 < name.endIndex, !name.contains(where: { "{}$'".utf8.contains($0) })
        else { throw .badName(text) }
        let key = String(decoding: name, as: UTF8.self).lowercased()
        guard let comma else { return .variable(key: key, fallback: nil) }
        let fallback = trimmed(inside[(comma + 1)...])
        let quote = UInt8(ascii: "'")
        guard fallback.count >= 2, fallback.first == quote, fallback.last == quote,
            !fallback.dropFirst().dropLast().contains(quote)
        else { throw .badDefault(text) }
        return .variable(key: key, fallback: Array(fallback.dropFirst().dropLast()))
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while bytes.first == 0x20 { bytes.removeFirst() }
        while bytes.last == 0x20 { bytes.removeLast() }
        return bytes
    }
}

extension VariableText {
    /// The bytes, if no variable stands in the text.
    var fixed: [UInt8]? {
        switch parts.count {
        case 0: []
        case 1: if case .text(let bytes) = parts[0] { bytes } else { nil }
        default: nil
        }
    }

    /// The keys in lower case that a request must have, as nothing stands for them.
    var requiredKeys: [String] {
        parts.compactMap { if case .variable(let key, nil) = $0 { key } else { nil } }
    }

    /// The bytes for one request: values of variables are literal. Nil if one has no value.
    func resolved(_ request: AccessRequest) -> [UInt8]? {
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): bytes += text
            case .variable(let key, let fallback):
                if let value = request.variable(key) {
                    bytes += value.utf8
                } else if let fallback {
                    bytes += fallback
                } else {
                    return nil
                }
            }
        }
        return bytes
    }
}
