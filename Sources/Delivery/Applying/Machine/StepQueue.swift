/// Steps that may start, first come, first served.
struct StepQueue: Sendable {
    private var steps: [Int] = []
    private var head = 0

    var isEmpty: Bool { head == steps.count }

    mutating func append(_ step: Int) { steps.append(step) }

    mutating func popFirst() -> Int? {
        guard head < steps.count else { return nil }
        defer { head += 1 }
        return steps[head]
    }

    mutating func removeAll() {
        steps = []
        head = 0
    }
}
