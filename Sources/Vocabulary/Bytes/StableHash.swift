/// FNV-1a of 64 bits: short names that are the same on any machine. No protection against anybody.
package struct StableHash: Sendable {
    /// The hash of what was taken in up to now.
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// The hash of `bytes`.
    package init(of bytes: some Sequence<UInt8>) { combine(bytes) }

    /// Takes in `bytes` after what was taken in before.
    package mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// ``value`` in hexadecimal, without leading zeros.
    package var text: String { String(value, radix: 16) }
}
