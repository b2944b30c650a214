/// IPv4 or IPv6 addresses that share their first bits.
struct AddressRange: Sendable, Hashable {
    private let isV6: Bool
    private let address: UInt128
    private let bits: Int

    /// `203.0.113.0/24`, `2001:db8::/32`, or one address.
    init?(_ bytes: [UInt8]) {
        if let (address, bits) = Self.v4(bytes) {
            self.init(isV6: false, address: UInt128(address), bits: bits)
        } else {
            self.init(v6: String(decoding: bytes, as: UTF8.self))
        }
    }

    private init(isV6: Bool, address: UInt128, bits: Int) {
        (self.isV6, self.address, self.bits) = (isV6, address, bits)
    }

    private init?(v6 text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        guard let address = Self.v6(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(isV6: true, address: address, bits: 128)
            return
        }
        guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(DecimalText.isDigit),
            let bits = Int(parts[1]), bits <= 128
        else { return nil }
        self.init(isV6: true, address: address, bits: bits)
    }

    /// True if this is one address and no range.
    var isSingle: Bool { bits == (isV6 ? 128 : 32) }

    /// Addresses of another family are never inside.
    func contains(_ other: AddressRange) -> Bool {
        guard isV6 == other.isV6, other.bits >= bits else { return false }
        let shift = (isV6 ? 128 : 32) - bits
        return shift == 128 || address >> UInt128(shift) == other.address >> UInt128(shift)
    }

    /// Four decimal bytes without leading zeros, and the bits behind a slash, 32 without one.
    private static func v4(_ text: [UInt8]) -> (address: UInt32, bits: Int)? {
        var address: UInt32 = 0
        var position = 0
        for byte in 0..<4 {
            if byte > 0 {
                guard position < text.count, text[position] == UInt8(ascii: ".") else { return nil }
                position += 1
            }
            guard let number = number(text, &position), number <= 255 else { return nil }
            address = address << 8 | UInt32(number)
        }
        guard position < text.count else { return (address, 32) }
        guard text[position] == UInt8(ascii: "/") else { return nil }
        position += 1
        guard let bits = number(text, &position), bits <= 32, position == text.count else { return nil }
        return (address, bits)
    }

    /// Up to three digits, without leading zeros.
    private static func number(_ text: [UInt8], _ position: inout Int) -> Int? {
        let start = position
        var number = 0
        while position < text.count, DecimalText.isDigit(text[position]) {
            guard position - start < 3 else { return nil }
            number = number * 10 + Int(text[position] - UInt8(ascii: "0"))
            position += 1
        }
        let count = position - start
        return count == 0 || (count > 1 && text[start] == UInt8(ascii: "0")) ? nil : number
    }

    private static func v6(_ text: some StringProtocol) -> UInt128? {
        var text = String(text)
        // The last 32 bits may be written as IPv4.
        if text.contains("."), let colon = text.lastIndex(of: ":") {
            guard let (low, _) = v4(Array(text[text.index(after: colon)...].utf8)) else { return nil }
            text = text[...colon] + String(low >> 16, radix: 16) + ":" + String(low & 0xFFFF, radix: 16)
        }
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let gap = firstGap(text) else {
            guard groups.count == 8 else { return nil }
            return number(groups)
        }
        let before = text[..<gap].split(separator: ":", omittingEmptySubsequences: false)
        let behind = text[text.index(gap, offsetBy: 2)...].split(separator: ":", omittingEmptySubsequences: false)
        let head = text[..<gap].isEmpty ? [] : before
        let tail = text.index(gap, offsetBy: 2) == text.endIndex ? [] : behind
        guard head.count + tail.count < 8, let high = number(head), let low = number(tail) else { return nil }
        return (head.isEmpty ? 0 : high << UInt128(16 * (8 - head.count))) | low
    }

    /// Where `::` stands.
    private static func firstGap(_ text: String) -> String.Index? {
        var last: Character?
        for index in text.indices {
            if text[index] == ":", last == ":" { return text.index(before: index) }
            last = text[index]
        }
        return nil
    }

    private static func number(_ groups: [Substring]) -> UInt128? {
        var number: UInt128 = 0
        for group in groups {
            guard (1...4).contains(group.utf8.count), !group.hasPrefix("+"), let value = UInt16(group, radix: 16) else {
                return nil
            }
            number = number << 16 | UInt128(value)
        }
        return number
    }
}
