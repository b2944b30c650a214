import Foundation
import JSON
import MappingTemplates
import RequestModels

/// Mapping templates and request models beside their Python peers, whose figures `scripts/bench-peers` has just taken.
///
/// Workload: ``PeerInputs``; unit: CPU microseconds of one rendering, or of one body parsed and checked, and how many of
/// them a second. Templates and models are compiled before, on either side.
enum PeerBenchmark {
    private static let rounds = 5

    /// - Parameter arguments: The file of the inputs, and the one of the peers' figures.
    static func run(_ arguments: [String]) throws {
        guard arguments.count == 2 else { preconditionFailure("two files") }
        let inputs = try read(arguments[0])
        let peers = try read(arguments[1])
        try templates(inputs, peers["airspeed"])
        try models(inputs, peers["jsonschema"])
    }

    private static func read(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: path))))
    }

    private static func templates(_ inputs: JSONValue, _ peer: JSONValue?) throws {
        for value in inputs["walkthroughs"]?.array ?? [] {
            guard let rendering = PeerInputs.Rendering(value) else { continue }
            let time = try microseconds([rendering])
            report("template \(rendering.name)", time, "renders", peer, peer?["figures"]?[rendering.name]?.number)
        }
        let recorded = (inputs["recorded"]?.array ?? []).compactMap(PeerInputs.Rendering.init)
        guard !recorded.isEmpty else {
            print("recorded templates: skipped: GATEWRIGHT_CORPORA is not set")
            return
        }
        // Only those that the peer renders as recorded, but for blanks, can be compared.
        let names = Set((peer?["recorded"]?.array ?? []).compactMap(\.string))
        let common = names.isEmpty ? recorded : recorded.filter { names.contains($0.name) }
        let time = try microseconds(common)
        let label = "template, \(common.count) of \(recorded.count) recorded ones"
        report(label, time, "renders", peer, peer?["figures"]?["recorded"]?.number)
    }

    private static func models(_ inputs: JSONValue, _ peer: JSONValue?) throws {
        for value in inputs["bodies"]?.array ?? [] {
            guard let name = value["name"]?.string, let schema = value["schema"]?.string,
                let body = value["body"]?.string
            else { continue }
            let model = try ModelSchema(parsing: schema)
            let bytes = Array(body.utf8)
            precondition(model.verdict(onBody: bytes, bytesMax: 10 << 20) == .fits, "the workload fits its model")
            let count = max(20_000_000 / (bytes.count * 100), 10)
            let time = best(count) { _ = model.verdict(onBody: bytes, bytesMax: 10 << 20) }
            report("model, \(name)", time, "validations", peer, peer?["figures"]?[name]?.number)
        }
    }

    /// CPU microseconds of one rendering, after each gave what is expected.
    private static func microseconds(_ renderings: [PeerInputs.Rendering]) throws -> Double {
        let work = try renderings.map { rendering in
            let template = try MappingTemplate(parsing: rendering.template)
            let input = TemplateInput(
                body: rendering.body, queryParameters: rendering.parameters,
                context: ["requestOverride": ["path": ["body": .string(rendering.body)]]])
            let text = try template.render(input).text
            precondition(text == rendering.expected ?? text, "`\(rendering.name)` gave \(text)")
            return (template, input)
        }
        return best(max(20_000 / work.count, 1)) {
            for (template, input) in work { _ = try? template.render(input) }
        } / Double(work.count)
    }

    private static func best(_ count: Int, _ work: () -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = Bench.cpuSeconds
            for _ in 0..<count { work() }
            best = min(best, (Bench.cpuSeconds - start) * 1_000_000 / Double(count))
        }
        return best
    }

    private static func report(_ name: String, _ time: Double, _ unit: String, _ peer: JSONValue?, _ other: JSONNumber?)
    {
        let ours = "\(name): \(rounded(time)) µs CPU (\(Int(1_000_000 / time)) \(unit)/s)"
        guard let other = other?.double, let peerName = peer?["name"]?.string else {
            print("\(ours); peer: skipped: \(peer?["skipped"]?.string ?? "it cannot do this one")")
            return
        }
        print("\(ours); \(peerName) \(rounded(other)) µs (\(Int(1_000_000 / other))/s); ratio \(rounded(other / time))")
    }

    private static func rounded(_ figure: Double) -> Double { (figure * 100).rounded() / 100 }
}
