/// A position in the bytes of a template, with its line and column.
struct Cursor {
    let bytes: [UInt8]
    private(set) var position: Int
    /// A place already counted: places are asked for from front to back, so that each byte is counted once.
    private var known: (position: Int, place: Place)
    private let start: Place

    init(_ bytes: [UInt8], startingAt place: Place) {
        self.bytes = bytes
        position = 0
        start = place
        known = (0, place)
    }

    var isAtEnd: Bool { position >= bytes.count }
    var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    mutating func advance(_ count: Int = 1) { position += count }

    mutating func move(to position: Int) { self.position = position }

    mutating func take(_ byte: UInt8) -> Bool {
        guard self.byte == byte else { return false }
        position += 1
        return true
    }

    func hasPrefix(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        return text.withUTF8Buffer { buffer in
            for offset in 0..<count where bytes[position + offset] != buffer[offset] { return false }
            return true
        }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The place of the current position.
    mutating func place() -> Place {
        if position < known.position { known = (0, start) }
        var place = known.place
        for byte in bytes[known.position..<min(position, bytes.count)] {
            if byte == UInt8(ascii: "\n") {
                place = Place(line: place.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
        }
        known = (position, place)
        return place
    }
}

extension UInt8 {
    /// Blank or tab.
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    var isSpace: Bool { isBlank || self == 0x0A || self == 0x0D || self == 0x0C }
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
    /// The first byte of a name.
    var startsName: Bool { isLetter || self == UInt8(ascii: "_") }
    /// A byte of a name; a hyphen is one, so that `$input.params().header.X-Id` is one reference.
    var continuesName: Bool { startsName || isDigit || self == UInt8(ascii: "-") }
    /// A byte of a directive's name.
    var continuesWord: Bool { startsName || isDigit }
}
