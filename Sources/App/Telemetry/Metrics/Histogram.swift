/// Counts of values in fixed buckets.
package struct Histogram: Sendable, Equatable {
    /// Seconds, from a tenth of a millisecond to five minutes.
    package static let secondsBounds: [Double] = [
        0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]

    package let bounds: [Double]
    /// One more than there are bounds: the last counts what is above all of them.
    package private(set) var counts: [Int]
    package private(set) var sum = 0.0

    /// - Parameter bounds: Rising; a value equal to a bound is below it.
    package init(bounds: [Double] = secondsBounds) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package var count: Int { counts.reduce(0, +) }

    package mutating func record(_ value: Double) {
        guard value.isFinite else { return }
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    package var buckets: [(bound: Double, count: Int)] { Array(zip(bounds, counts)).map { ($0, $1) } }
}
