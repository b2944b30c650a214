/// The name of one apply: 128 random bits as 32 lower-case hex digits, journaled before its first step.
package struct ApplyID: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    /// A new id. Tests and simulations pass a seeded generator.
    package static func random(using generator: inout some RandomNumberGenerator) -> ApplyID {
        let high = generator.next() as UInt64
        let low = generator.next() as UInt64
        return ApplyID(rawValue: hex(high) + hex(low))
    }

    package static func random() -> ApplyID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension ApplyID: CustomStringConvertible {
    package var description: String { rawValue }
}
