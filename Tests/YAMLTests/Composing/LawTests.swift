import Diagnostics
import JSON
import Seeds
import Testing
import YAML

@Suite("Laws of YAML")
struct LawTests {
    /// libyaml reads these only as escapes, which JSON texts have no need of.
    private func isReadable(_ value: JSONValue) -> Bool {
        func isReadable(_ text: String) -> Bool {
            !text.unicodeScalars.contains { $0 == "\u{7F}" || $0 == "\u{FFFF}" || $0 == "\u{FEFF}" }
        }
        return switch value {
        case .string(let text): isReadable(text)
        case .array(let elements): elements.allSatisfy(self.isReadable)
        case .object(let object): object.allSatisfy { isReadable($0.name) && self.isReadable($0.value) }
        default: true
        }
    }

    @Test("print JSON then parse as YAML is identity", arguments: 1...300 as ClosedRange<UInt64>)
    func json(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var value = generator.value()
        while !isReadable(value) { value = generator.value() }
        for style in JSONStyle.allCases {
            let (documents, diagnostics) = Node.parse(yaml: value.bytes(style), file: "f")
            #expect(diagnostics.isEmpty, "\(style) \(value.text(style))")
            let same = try JSONValue(parsing: value.bytes(style)).text(.compact)
            #expect(documents.map { $0.value.text(.compact) } == [same])
        }
    }

    @Test("write YAML then parse is identity", arguments: 1...300 as ClosedRange<UInt64>)
    func yaml(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var value = generator.value()
        while !isReadable(value) { value = generator.value() }
        let text = YAMLWriter.text(value)
        let (documents, diagnostics) = Node.parse(yaml: Array(text.utf8), file: "f")
        #expect(diagnostics.isEmpty, "\(diagnostics)\n\(text)")
        let same = try JSONValue(parsing: value.bytes(.compact)).text(.compact)
        #expect(documents.map { $0.value.text(.compact) } == [same], "\(text)")
    }

    @Test(
        "texts are written as people would",
        arguments: [
            ("/pets/{id}", "a: \"/pets/{id}\"\n"), ("a plain text", "a: a plain text\n"), ("true", "a: \"true\"\n"),
            ("", "a: \"\"\n"), ("1.0", "a: \"1.0\"\n"), ("No", "a: \"No\"\n"), ("- a", "a: \"- a\"\n"),
            ("one\ntwo", "a: |-\n  one\n  two\n"), ("one\n\n two\n", "a: |\n  one\n\n   two\n"),
            ("one\n\n", "a: \"one\\n\\n\"\n"), (" one\ntwo", "a: \" one\\ntwo\"\n"), ("a\tb", "a: \"a\\tb\"\n"),
            ("\u{7F}\u{FEFF}", "a: \"\\u007f\\ufeff\"\n"), ("grö\u{DF}er", "a: \"grö\u{DF}er\"\n"),
            ("${var.x}", "a: \"${var.x}\"\n"), ("arn:aws:a", "a: \"arn:aws:a\"\n"), ("a #b", "a: \"a #b\"\n"),
        ])
    func texts(_ text: String, _ written: String) throws {
        #expect(YAMLWriter.text(["a": .string(text)]) == written)
        let (documents, diagnostics) = Node.parse(yaml: Array(written.utf8), file: "f")
        #expect(diagnostics.isEmpty)
        #expect(documents.first?.value == ["a": .string(text)])
    }

    @Test("lists, maps and long names keep their shape")
    func shapes() throws {
        let long = String(repeating: "n", count: 1_200)
        let value: JSONValue = [
            "list": [["a": 1, "b": [2, [3]]], [], [:], nil, "x\ny"], "map": ["": ["<<": true]],
            "k": "v",
        ]
        let text = YAMLWriter.text(value)
        #expect(
            text == """
                list:
                  - a: 1
                    b:
                      - 2
                      -
                        - 3
                  - []
                  - {}
                  - null
                  - |-
                    x
                    y
                map:
                  "":
                    "<<": true
                k: v

                """)
        let named: JSONValue = .object([long: ["a": "b"], "c": .object([long: "d\ne\n"])])
        let parsed = Node.parse(yaml: Array(YAMLWriter.text(named).utf8), file: "f")
        #expect(parsed.diagnostics.isEmpty)
        #expect(parsed.documents.first?.value == named)
        #expect(YAMLWriter.text("a\nb") == "\"a\\nb\"\n")
    }

    @Test("YAML and JSON give the same nodes at the same places", arguments: 1...100 as ClosedRange<UInt64>)
    func places(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var value = generator.value()
        while !isReadable(value) { value = generator.value() }
        let bytes = value.bytes(.pretty)
        func places(_ node: Node) -> [SourceSpan] {
            [node.span] + (node.elements ?? []).flatMap(places)
                + (node.members ?? []).flatMap { [$0.nameSpan] + places($0.value) }
        }
        let yaml = try #require(Node.parse(yaml: bytes, file: "f").documents.first)
        let json = try #require(Node.parse(json: bytes, file: "f").node)
        #expect(places(yaml) == places(json))
    }

    @Test("random bytes never crash the parser", arguments: 1...200 as ClosedRange<UInt64>)
    func noise(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "a", ": ", "\n", "- ", "  ", "? ", "[", "]", "{", "}", ",", "&a ", "*a", "!x ", "!!str ", "|", ">", "'",
            "\"",
            "#", "%", "---", "...", "\t", "<<: ", "é", "\u{0}", "\\", "1", "@", "`", "\r",
        ]
        let count = Int.random(in: 0...200, using: &generator)
        var bytes = (0..<count).flatMap { _ in Array((pieces.randomElement(using: &generator) ?? "").utf8) }
        for _ in 0..<10 {
            let (documents, diagnostics) = Node.parse(yaml: bytes, file: "f")
            #expect(diagnostics.allSatisfy { !$0.spans.isEmpty && !$0.message.isEmpty })
            if !diagnostics.hasErrors { documents.forEach { _ = $0.value } }
            guard !bytes.isEmpty else { return }
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
    }
}
