/// `transform` of every input, in the order of the inputs, on all cores.
///
/// Inputs are given out in runs, so that ten thousand small files do not make ten thousand tasks.
func concurrentMap<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ transform: @escaping @Sendable (Input) -> Output
) async -> [Output] {
    guard inputs.count > 1 else { return inputs.map(transform) }
    let runs = 32
    let length = (inputs.count + runs - 1) / runs
    return await withTaskGroup(of: (Int, [Output]).self) { group in
        for start in stride(from: 0, to: inputs.count, by: length) {
            let run = inputs[start..<min(start + length, inputs.count)]
            group.addTask { (start, run.map(transform)) }
        }
        var parts: [(start: Int, outputs: [Output])] = []
        for await (start, outputs) in group { parts.append((start, outputs)) }
        return parts.sorted { $0.start < $1.start }.flatMap(\.outputs)
    }
}
