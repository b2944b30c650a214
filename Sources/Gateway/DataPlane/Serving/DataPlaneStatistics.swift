/// What a data plane has done since its start.
package struct DataPlaneStatistics: Sendable, Equatable {
    /// Upper bounds of the latency's buckets, in seconds.
    package static let latencyBounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]
    private static let boundsNanoseconds = latencyBounds.map { Int64($0 * 1_000_000_000) }

    /// Answers by the first digit of their status, from 1xx.
    package private(set) var answers = Array(repeating: 0, count: 5)
    /// One more than there are bounds: the last counts what took longer than all.
    package private(set) var latencies = Array(repeating: 0, count: latencyBounds.count + 1)
    package private(set) var nanoseconds: Int64 = 0
    /// Connections of clients that stand now.
    package var connections = 0
    /// Targets of private links that get requests now, and those that do not.
    package var healthyTargets = 0
    package var unhealthyTargets = 0

    package init() {}

    mutating func record(status: Int, nanoseconds: Int64) {
        if (100..<600).contains(status) { answers[status / 100 - 1] += 1 }
        var position = 0
        while position < Self.boundsNanoseconds.count, nanoseconds > Self.boundsNanoseconds[position] { position += 1 }
        latencies[position] += 1
        self.nanoseconds &+= nanoseconds
    }

    mutating func add(_ other: DataPlaneStatistics) {
        for position in answers.indices { answers[position] += other.answers[position] }
        for position in latencies.indices { latencies[position] += other.latencies[position] }
        nanoseconds &+= other.nanoseconds
        connections += other.connections
    }
}
