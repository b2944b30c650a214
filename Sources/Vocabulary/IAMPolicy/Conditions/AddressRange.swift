/// IPv4 or IPv6 addresses that share their first bits.
struct AddressRange: Sendable, Hashable {
    private let isV6: Bool
    private let address: UInt128
    private let bits: Int

    /// `203.0.113.0/24`, `2001:db8::/32`, or one address.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        if let v4 = Self.v4(parts[0]) {
            (isV6, address) = (false, UInt128(v4))
        } else if let v6 = Self.v6(parts[0]) {
            (isV6, address) = (true, v6)
        } else {
            return nil
        }
        let most = isV6 ? 128 : 32
        guard parts.count == 2 else {
            bits = most
            return
        }
        guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(DecimalText.isDigit),
            let bits = Int(parts[1]), bits <= most
        else { return nil }
        self.bits = bits
    }

    /// True if this is one address and no range.
    var isSingle: Bool { bits == (isV6 ? 128 : 32) }

    /// Addresses of another family are never inside.
    func contains(_ other: AddressRange) -> Bool {
        guard isV6 == other.isV6, other.bits >= bits else { return false }
        let shift = (isV6 ? 128 : 32) - bits
        return shift == 128 || address >> UInt128(shift) == other.address >> UInt128(shift)
    }

    private static func v4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(DecimalText.isDigit),
                part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0"), let byte = UInt8(part)
            else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }

    private static func v6(_ text: some StringProtocol) -> UInt128? {
        var text = String(text)
        // The last 32 bits may be written as IPv4.
        if text.contains("."), let colon = text.lastIndex(of: ":") {
            guard let v4 = v4(text[text.index(after: colon)...]) else { return nil }
            text = text[...colon] + String(v4 >> 16, radix: 16) + ":" + String(v4 & 0xFFFF, radix: 16)
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
