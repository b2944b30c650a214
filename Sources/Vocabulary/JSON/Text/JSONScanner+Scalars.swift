extension JSONScanner {
    /// From the quote before to the quote behind.
    mutating func string() throws(ScanFault) -> String {
        let start = position + 1
        var end = start
        var seen: UInt8 = 0
        while end < bytes.count {
            let byte = bytes[end]
            seen |= byte
            if byte == UInt8(ascii: "\"") {
                position = end + 1
                return try text(start..<end, isASCII: seen < 0x80)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start, plainTo: end) }
            if byte < 0x20 { throw controlCharacter(at: end) }
            end += 1
        }
        throw unterminated(from: position)
    }

    mutating func escapedString(from start: Int, plainTo end: Int) throws(ScanFault) -> String {
        unescaped.removeAll(keepingCapacity: true)
        var from = start
        var at = end
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                unescaped.append(contentsOf: bytes[from..<at])
                position = at + 1
                let text = unescaped.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
                guard let text else {
                    throw notUTF8(bytes[start..<at])
                }
                return text
            }
            if byte == UInt8(ascii: "\\") {
                unescaped.append(contentsOf: bytes[from..<at])
                at = try escape(at: at)
                from = at
                continue
            }
            if byte < 0x20 { throw controlCharacter(at: at) }
            at += 1
        }
        throw unterminated(from: start - 1)
    }

    /// Appends what the escape at `start` stands for; gives the offset behind it.
    mutating func escape(at start: Int) throws(ScanFault) -> Int {
        guard start + 1 < bytes.count else { throw unterminated(from: start) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): unescaped.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): unescaped.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): unescaped.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): return try unicodeEscape(at: start)
        default:
            throw ScanFault(
                .syntax, "an escape that JSON does not have", at: start, to: start + 2,
                remedy: "write `\\\\` for a backslash")
        }
        return start + 2
    }

    mutating func unicodeEscape(at start: Int) throws(ScanFault) -> Int {
        let first = try fourDigits(at: start)
        var scalar = first
        var end = start + 6
        if (0xD800..<0xDC00).contains(first) {
            guard end + 1 < bytes.count, bytes[end] == UInt8(ascii: "\\"), bytes[end + 1] == UInt8(ascii: "u") else {
                throw loneSurrogate(at: start)
            }
            let second = try fourDigits(at: end)
            guard (0xDC00..<0xE000).contains(second) else { throw loneSurrogate(at: start) }
            scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            end += 6
        }
        guard let scalar = Unicode.Scalar(scalar) else { throw loneSurrogate(at: start) }
        unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return end
    }

    func fourDigits(at start: Int) throws(ScanFault) -> UInt32 {
        guard start + 6 <= bytes.count else { throw unterminated(from: start) }
        var value: UInt32 = 0
        for byte in bytes[start + 2..<start + 6] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default:
                throw ScanFault(.syntax, "`\\u` without four hexadecimal digits", at: start, to: start + 2)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    mutating func number() throws(ScanFault) -> String {
        let start = position
        var end = start
        if bytes[end] == UInt8(ascii: "-") { end += 1 }
        let whole = digits(from: end)
        guard whole > end else { throw badNumber(start, at: end, "a digit after `-`") }
        if bytes[end] == UInt8(ascii: "0"), whole > end + 1 {
            throw ScanFault(
                .syntax, "a number with a leading zero", at: start, to: whole,
                remedy: "remove the zero, or write the number in double quotes")
        }
        end = whole
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            let fraction = digits(from: end + 1)
            guard fraction > end + 1 else { throw badNumber(start, at: end + 1, "a digit after the point") }
            end = fraction
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            var from = end + 1
            if from < bytes.count, bytes[from] == UInt8(ascii: "+") || bytes[from] == UInt8(ascii: "-") { from += 1 }
            let exponent = digits(from: from)
            guard exponent > from else { throw badNumber(start, at: from, "a digit in the exponent") }
            end = exponent
        }
        position = end
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    }

    func digits(from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] &- UInt8(ascii: "0") <= 9 { end += 1 }
        return end
    }

    mutating func word(_ word: StaticString) throws(ScanFault) {
        let end = position + word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else {
            throw ScanFault(
                .syntax, "a word that is not `true`, `false` or `null`", at: position,
                remedy: "write strings in double quotes")
        }
        position = end
    }

    /// `String(validating:as:)` is generic in the standard library and costs as much as all the rest: only where needed.
    func text(_ range: Range<Int>, isASCII: Bool) throws(ScanFault) -> String {
        let slice = UnsafeBufferPointer(rebasing: bytes[range])
        if isASCII { return String(decoding: slice, as: UTF8.self) }
        guard let text = String(validating: slice, as: UTF8.self) else { throw notUTF8(bytes[range]) }
        return text
    }
}
