/// SplitMix64: equal seeds give equal numbers on any machine, so that a failure's seed runs it again.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: some BinaryInteger) {
        state = UInt64(truncatingIfNeeded: seed)
        // Else each seed would have the numbers of another, less the first ones.
        state = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True in `percent` of a hundred cases.
    package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// True in one of `count` cases.
    package mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

    /// From 0 up to `limit`, which it is not.
    package mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(limit, 1), using: &self) }

    /// One of `values`, which are not empty.
    package mutating func pick<Value>(_ values: some Collection<Value>) -> Value {
        values[values.index(values.startIndex, offsetBy: below(values.count))]
    }
}
