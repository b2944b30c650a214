import JSON
import Planning
import Resources
import YAML

/// The budgets of docs/architecture.md, section 10, that need no server; `scripts/bench` runs these and the rest.
@main
enum Benchmarks {
    static func main() async throws {
        switch CommandLine.arguments.dropFirst().first {
        case "management": return try ManagementBenchmark.run(Array(CommandLine.arguments.dropFirst(2)))
        case "start": return try StartBenchmark.run(Array(CommandLine.arguments.dropFirst(2)))
        case "peer-inputs": return try PeerInputs.write(corpora: CommandLine.arguments.dropFirst(2).first ?? "")
        case "peers": return try PeerBenchmark.run(Array(CommandLine.arguments.dropFirst(2)))
        case "engine": return try await EngineBenchmark.run()
        case "functions": return try await FunctionBenchmark.run(Array(CommandLine.arguments.dropFirst(2)))
        default: break
        }
        await yaml()
        json()
        await plan()
        try await PolicyBenchmark.run()
        await AccessBenchmark.run()
        await InvocationBenchmark.run()
        try await StorageBenchmark.run()
        try await ApplyBenchmark.run()
        try await EngineBenchmark.run()
        try await DriftBenchmark.run()
    }

    private static func yaml() async {
        let files = (0..<2_000).map { Array(Workloads.yamlManifest($0).utf8) }
        let bytes = files.reduce(0) { $0 + $1.count }
        let time = await Bench.best(of: 5) {
            for file in files {
                let parsed = Node.parse(yaml: file, file: "a.yaml")
                precondition(parsed.documents.count == 1, "the workload parses")
            }
        }
        Bench.report("yaml parse", Double(bytes) / 1_000_000 / time.seconds, "MB/s")
    }

    private static func json() {
        let document = JSONValue.array(Workloads.graph(2_000).resources.map(\.document))
        let bytes = document.bytes(.compact)
        var best = Duration.seconds(1_000)
        for _ in 0..<20 {
            best = min(best, ContinuousClock().measure { _ = try? JSONValue(parsing: bytes) })
        }
        Bench.report("json parse", Double(bytes.count) / 1_000_000 / best.seconds, "MB/s")
    }

    private static func plan() async {
        let graph = Workloads.graph(10_000)
        let recorded = Workloads.recorded(graph)
        let before = Bench.peakMebibytes
        let time = await Bench.best(of: 10) {
            let plan = Planner.plan(desired: graph, recorded: recorded)
            precondition(plan.isEmpty, "nothing changed")
        }
        let milliseconds = time.seconds * 1000
        Bench.report(
            "plan of 10,000 unchanged resources, warm", milliseconds, "ms", budget: "100 ms", isMet: milliseconds <= 100
        )
        Bench.report(
            "memory of that process", Bench.peakMebibytes, "MiB", budget: "150 MiB", isMet: Bench.peakMebibytes <= 150)
        Bench.report("  of which before planning", before, "MiB")
        print("peer: Terraform core 1.11, 10,000 trivial resources: 8.6 s, 807 MiB (measured elsewhere)")
    }
}
