import Diagnostics
import JSON
import Manifests
import Resources
import Seeds
import Testing

@Suite("Laws of loading")
struct MutationTests {

    private static let pieces = [
        "{", "}", "[", "]", ":", "\n", "  ", "- ", "${", "${var.a}", "${RestApi/pets.id}", "\"", "'", "&a ", "*a",
        "null",
        "~", "0x10", "1e999", "-1", "---\n", "<<: *a\n", "\u{0}", "é", "/", "..", "apiVersion", "inline: ", "#",
    ]

    /// Two to five slips somewhere in the files.
    private func mutated(_ numbers: inout SeededGenerator) -> DictionaryTree {
        var files = Repository.api(
            "  stages: { test: { variables: { tier: gold }, methodSettings: { \"*/*\": { throttlingRateLimit: 5 } } } }"
        ).files.mapValues { Array($0.utf8) }
        let paths = files.keys.sorted()
        for _ in 0..<Int.random(in: 2...5, using: &numbers) {
            guard let path = paths.randomElement(using: &numbers), var bytes = files[path], !bytes.isEmpty else {
                continue
            }
            let position = Int.random(in: 0..<bytes.count, using: &numbers)
            switch Int.random(in: 0..<4, using: &numbers) {
            case 0: bytes.remove(at: position)
            case 1: bytes[position] = UInt8.random(in: 0...255, using: &numbers)
            case 2:
                bytes.insert(contentsOf: Array((Self.pieces.randomElement(using: &numbers) ?? "").utf8), at: position)
            default:
                let end = min(bytes.count, position + Int.random(in: 1...60, using: &numbers))
                bytes.insert(
                    contentsOf: Array(bytes[position..<end]), at: Int.random(in: 0..<bytes.count, using: &numbers))
            }
            files[path] = bytes
        }
        return DictionaryTree(files)
    }

    @Test("whatever stands in the files: a graph without errors, or errors", arguments: 0..<40)
    func graphOrErrors(_ seed: UInt64) async throws {
        var numbers = SeededGenerator(seed: seed)
        for _ in 0..<10 {
            let tree = mutated(&numbers)
            let result = try await ManifestLoader().load(environment: nil, from: tree)
            #expect((result.graph == nil) == result.diagnostics.hasErrors)
            for resource in result.graph?.resources ?? [] {
                let normal = KindTable.object(resource.address.kind)?.normalForm(of: resource.document)
                #expect(normal == resource.document, "\(resource.address) is in normal form")
            }
            // Whatever the places are, they can be shown.
            for format in DiagnosticFormat.allCases {
                _ = DiagnosticRenderer(format) { _ in Array(Repository.definition.utf8) }.render(result.diagnostics)
            }
        }
    }

    @Test(
        "the order of files and folders does not matter", arguments: ["[apis]", "[apis/pets.yaml, apis]", "[., apis]"])
    func order(_ manifests: String) async throws {
        let reference = try await Repository().load().graph
        let other = try await Repository().with(
            "gatewright.yaml", Repository.environment.replacing("[apis]", with: manifests)
        ).load().graph
        #expect(other?.resources.map(\.address) == reference?.resources.map(\.address))
        #expect(other?.resources.map(\.document) == reference?.resources.map(\.document))
    }
}
