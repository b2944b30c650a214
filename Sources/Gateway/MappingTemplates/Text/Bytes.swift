/// Texts compared and searched by their UTF-8 bytes, as Java does by its units: accents are never composed.
enum Bytes {
    static func hasPrefix(_ text: String, _ prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }

    static func hasSuffix(_ text: String, _ suffix: String) -> Bool {
        text.utf8.count >= suffix.utf8.count && text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// The position of the first byte of `wanted`; 0 for an empty one.
    static func find(_ wanted: String, in text: String) -> Int? {
        find(Array(wanted.utf8), in: Array(text.utf8), from: 0)
    }

    static func find(_ wanted: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        Search(wanted).first(in: text, from: start)
    }

    /// Nil if the result were longer than `bytesMax`.
    static func replacing(_ old: String, with new: String, in text: String, bytesMax: Int) -> String? {
        let (source, old, new) = (Array(text.utf8), Array(old.utf8), Array(new.utf8))
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        if old.isEmpty { return replacingNothing(with: new, in: source, bytesMax: bytesMax) }
        var position = 0
        let search = Search(old)
        while let found = search.first(in: source, from: position) {
            result.append(contentsOf: source[position..<found])
            result.append(contentsOf: new)
            guard result.count <= bytesMax else { return nil }
            position = found + old.count
        }
        guard position > 0 else { return text }
        result.append(contentsOf: source[position...])
        return result.count <= bytesMax ? String(decoding: result, as: UTF8.self) : nil
    }

    /// Java puts the new text between all characters when the old one is empty.
    private static func replacingNothing(with new: [UInt8], in source: [UInt8], bytesMax: Int) -> String? {
        var result = new
        var position = 0
        while position < source.count {
            repeat {
                result.append(source[position])
                position += 1
            } while position < source.count && source[position] & 0xC0 == 0x80
            result.append(contentsOf: new)
            guard result.count <= bytesMax else { return nil }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// Positions as Java counts them, in UTF-16 units. Texts of ASCII only, which most are, are cut by bytes.
enum JavaText {
    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    /// Nil if the positions are outside of the text or cross.
    static func substring(_ text: String, from start: Int, to end: Int?) -> String? {
        let count = text.utf16.count
        let end = end ?? count
        guard start >= 0, start <= end, end <= count else { return nil }
        let units = text.utf16
        let from = units.index(units.startIndex, offsetBy: start)
        let to = units.index(from, offsetBy: end - start)
        return String(decoding: units[from..<to], as: UTF16.self)
    }

    static func index(of wanted: String, in text: String, from start: Int) -> Int? {
        Search(Array(wanted.utf16)).first(in: Array(text.utf16), from: max(start, 0))
    }

    /// The last place at `start` or before.
    static func lastIndex(of wanted: String, in text: String, from start: Int = .max) -> Int? {
        // Backwards the last one is the first.
        let units = Array(text.utf16.reversed())
        let last = units.count - wanted.utf16.count
        guard start >= 0, last >= 0 else { return nil }
        return Search(Array(wanted.utf16.reversed())).first(in: units, from: last - min(start, last)).map { last - $0 }
    }

    /// The difference of the first units that differ, or of the lengths.
    static func compare(_ left: String, _ right: String) -> Int {
        for (left, right) in zip(left.utf16, right.utf16) where left != right { return Int(left) - Int(right) }
        return left.utf16.count - right.utf16.count
    }
}
