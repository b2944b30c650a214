/// Percent-encoding as signatures want it: letters, digits and `-._~` stay, the rest is upper-case hex.
enum PercentCoding {
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    static func append(encoding byte: UInt8, to bytes: inout [UInt8]) {
        if isUnreserved(byte) {
            bytes.append(byte)
        } else {
            bytes.append(UInt8(ascii: "%"))
            bytes.append(upperHex(byte >> 4))
            bytes.append(upperHex(byte & 15))
        }
    }

    static func encode(_ source: some Sequence<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in source { append(encoding: byte, to: &bytes) }
        return bytes
    }

    /// A `%` without two hex digits stays as it is; `+` is no blank here.
    static func decode(_ source: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var position = source.startIndex
        while position < source.endIndex {
            let byte = source[position]
            if byte == UInt8(ascii: "%"), position + 2 < source.endIndex, let high = digit(source[position + 1]),
                let low = digit(source[position + 2])
            {
                bytes.append(high << 4 | low)
                position += 3
            } else {
                bytes.append(byte)
                position += 1
            }
        }
        return bytes
    }

    static func appendHex(_ source: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        for byte in source {
            bytes.append(lowerHex(byte >> 4))
            bytes.append(lowerHex(byte & 15))
        }
    }

    static func hex(_ source: some Sequence<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        appendHex(source, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func upperHex(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func lowerHex(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
