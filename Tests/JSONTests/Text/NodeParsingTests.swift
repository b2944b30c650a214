import Diagnostics
import JSON
import Seeds
import Testing

@Suite("Parsing JSON files into nodes")
struct NodeParsingTests {
    private func parse(_ text: String) -> (node: Node?, diagnostics: [Diagnostic]) {
        Node.parse(json: Array(text.utf8), file: "api.json")
    }

    @Test("every node and name has its place")
    func places() throws {
        let node = try #require(parse("{\n  \"é😀\": [1, true],\r\n\"b\": {\"c\": null}}").node)
        func place(_ span: SourceSpan?) -> [Int] { span.map { [$0.line, $0.column, $0.length] } ?? [] }
        #expect(place(node.span) == [1, 1, 1])
        #expect(place(node.member("é😀")?.nameSpan) == [2, 3, 4])
        #expect(place(node["é😀"]?.span) == [2, 9, 1])
        #expect(place(node["é😀"]?.elements?[0].span) == [2, 10, 1])
        #expect(place(node["é😀"]?.elements?[1].span) == [2, 13, 4])
        #expect(place(node.member("b")?.nameSpan) == [3, 1, 3])
        #expect(place(node["b"]?["c"]?.span) == [3, 12, 4])
        #expect(node.span.file == "api.json")
        #expect(place(parse("\u{FEFF}1").node?.span) == [1, 1, 1])
    }

    @Test("all duplicate names are reported at the name, and the first is kept", arguments: [0, 12])
    func duplicates(others: Int) throws {
        let members = (0..<others).map { "\"m\($0)\":1," }.joined()
        let (node, diagnostics) = parse("{\"a\":1,\(members)\n\"a\":2,\n\"b\":{\"c\":1,\"c\":2}}")
        #expect(node?["a"]?.number?.int == 1)
        #expect(node?["b"]?["c"]?.number?.int == 1)
        #expect(node?.members?.count == 2 + others)
        #expect(
            diagnostics.map { "\($0.code) \($0.spans[0])" } == [
                "json.duplicate-name api.json:2:1", "json.duplicate-name api.json:3:12",
            ])
        #expect(diagnostics.allSatisfy { $0.severity == .error && $0.remedy != nil })
    }

    @Test("the 1,000th duplicate name of a file ends the reading")
    func manyDuplicates() {
        let (node, diagnostics) = parse("{" + String(repeating: "\"a\":1,", count: 100_000) + "\"b\":1}")
        #expect(node == nil)
        #expect(diagnostics.count == 1_000)
        let fewer = parse("{" + String(repeating: "\"a\":1,", count: 1_000) + "\"b\":1}")
        #expect(fewer.node?.members?.count == 2)
        #expect(fewer.diagnostics.count == 999)
    }

    @Test("a fault of syntax ends the reading and keeps what was found before")
    func syntax() throws {
        let (node, diagnostics) = parse("{\"a\":1,\"a\":2,\n]")
        #expect(node == nil)
        #expect(diagnostics.map(\.code) == ["json.duplicate-name", "json.syntax"])
        #expect(diagnostics.last?.spans == [SourceSpan(file: "api.json", line: 2, column: 1)])
    }

    @Test("nodes and values agree", arguments: 1...100 as ClosedRange<UInt64>)
    func agree(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.value().bytes(.pretty)
        let (node, diagnostics) = Node.parse(json: bytes, file: "f")
        #expect(diagnostics.isEmpty)
        #expect(try node?.value == JSONValue(parsing: bytes))
    }
}
