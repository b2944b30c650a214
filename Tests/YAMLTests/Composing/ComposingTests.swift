import Diagnostics
import JSON
import Testing
import YAML

@Suite("Composing YAML")
struct ComposingTests {
    private func parse(
        _ text: String, limits: YAMLLimits = .standard
    ) -> (documents: [Node], diagnostics: [Diagnostic]) {
        Node.parse(yaml: Array(text.utf8), file: "a.yaml", limits: limits)
    }

    private func faults(_ text: String, limits: YAMLLimits = .standard) -> [String] {
        parse(text, limits: limits).diagnostics.map { "\($0.code) \($0.spans[0].line):\($0.spans[0].column)" }
    }

    private func json(_ text: String) -> [String] {
        let (documents, diagnostics) = parse(text)
        #expect(diagnostics.isEmpty, "\(diagnostics)")
        return documents.map { $0.value.text(.compact) }
    }

    @Test("every node and key has its place")
    func places() throws {
        let text = "é: 日本\nlist:\n  - 'a b'\n  - {x: 12, y: }\ntext: |\n  one\n  two\nlong: one\n  two\n"
        let node = try #require(parse(text).documents.first)
        func place(_ span: SourceSpan?) -> [Int] { span.map { [$0.line, $0.column, $0.length] } ?? [] }
        #expect(place(node.span) == [1, 1, 1])
        #expect(place(node.member("é")?.nameSpan) == [1, 1, 1])
        #expect(place(node["é"]?.span) == [1, 4, 2])
        #expect(place(node["list"]?.span) == [3, 3, 1])
        #expect(place(node["list"]?.elements?[0].span) == [3, 5, 5])
        #expect(place(node["list"]?.elements?[1].span) == [4, 5, 1])
        #expect(place(node["list"]?.elements?[1]["x"]?.span) == [4, 9, 2])
        #expect(place(node["list"]?.elements?[1].member("y")?.nameSpan) == [4, 13, 1])
        #expect(node["list"]?.elements?[1]["y"]?.span.line == 4)
        #expect(place(node["text"]?.span) == [5, 7, 1])
        #expect(place(node["long"]?.span) == [8, 7, 1])
        #expect(node.span.file == "a.yaml")
    }

    @Test("an empty file has no document, a document that is started and empty is null")
    func emptyFiles() {
        #expect(json("") == [])
        #expect(json("# only this\n\n") == [])
        #expect(json("---\n") == ["null"])
        #expect(json("--- # a\n---\nb: 1\n...\n") == ["null", #"{"b":1}"#])
        #expect(json("\u{FEFF}") == [])
    }

    @Test("several documents are several nodes, and anchors end with theirs")
    func documents() {
        #expect(json("a: 1\n---\n- 2\n--- x\n") == [#"{"a":1}"#, "[2]", #""x""#])
        #expect(faults("a: &x 1\n---\nb: *x\n") == ["yaml.unknown-alias 3:4"])
    }

    @Test("a fault of syntax keeps the documents before it")
    func documentsBeforeAFault() {
        let (documents, diagnostics) = parse("a: 1\n---\nb: [1\n")
        #expect(documents.map { $0.value.text(.compact) } == [#"{"a":1}"#])
        #expect(diagnostics.map(\.code) == ["yaml.syntax"])
    }

    @Test("all duplicate keys are reported at the second, with the first, which is kept", arguments: [0, 11, 12, 40])
    func duplicates(others: Int) throws {
        let members = (0..<others).map { "m\($0): 1\n" }.joined()
        let (documents, diagnostics) = parse("a: 1\n\(members)\"a\": 2\nb: {c: 1, ? c : 2}\n")
        #expect(documents.first?["a"]?.number?.int == 1)
        #expect(documents.first?["b"]?["c"]?.number?.int == 1)
        #expect(diagnostics.map(\.code) == ["yaml.duplicate-key", "yaml.duplicate-key"])
        #expect(diagnostics.first?.spans.map(\.line) == [2 + others, 1])
        #expect(diagnostics.first?.message == "the map has two keys named `a`")
        #expect(diagnostics.last?.spans.map(\.column) == [13, 5])
    }

    @Test("keys of one text are duplicates, whatever their type, and keys that only look alike are not")
    func duplicateTexts() {
        #expect(faults("1: a\n\"1\": b\n") == ["yaml.duplicate-key 2:1"])
        #expect(json("1: a\n1.0: b\n") == [#"{"1":"a","1.0":"b"}"#])
        #expect(json("\u{E9}: 1\ne\u{301}: 2\n") == ["{\"\u{E9}\":1,\"e\u{301}\":2}"])
    }

    @Test("a scalar key gives its source text")
    func scalarKeys() {
        let text = "200: a\n012: b\ntrue: c\n~: d\n.inf: e\n0x1F: f\n+1: g\n1.50: h\n"
        #expect(json(text) == [#"{"200":"a","012":"b","true":"c","~":"d",".inf":"e","0x1F":"f","+1":"g","1.50":"h"}"#])
        #expect(json("k: &a 0x1F\n*a : 1\n") == [#"{"k":31,"0x1F":1}"#])
    }

    @Test(
        "a list or a map is no key", arguments: ["? [a]\n: b\n", "? {a: b}\n: c\n", "{{name}}: b\n", "[a]: b\n"])
    func complexKeys(text: String) {
        #expect(parse(text).diagnostics.map(\.code) == ["yaml.complex-key"])
    }

    @Test("tags of the core schema hold")
    func coreTags() {
        #expect(
            json("[!!str 12, !!int \"12\", !!float 1, !!bool 'true', !!null '', ! x, ! 12]") == [
                #"["12",12,1,true,null,"x","12"]"#
            ])
        #expect(json("!!map {a: !!seq [!!str ]}") == [#"{"a":[""]}"#])
        #expect(json("!<tag:yaml.org,2002:str> 1") == [#""1""#])
    }

    @Test(
        "other tags are refused by their names, and a tag that does not fit is",
        arguments: [
            ("a: !Ref Role", "yaml.unsupported-tag 1:4", "`!Ref`"), ("!Sub x", "yaml.unsupported-tag 1:1", "`!Sub`"),
            ("a: !GetAtt [b, c]", "yaml.unsupported-tag 1:4", "`!GetAtt`"),
            ("!!set {a}", "yaml.unsupported-tag 1:1", "`!!set`"),
            ("!!binary aGk=", "yaml.unsupported-tag 1:1", "`!!binary`"),
            ("!!timestamp 2020-01-01", "yaml.unsupported-tag 1:1", "`!!timestamp`"),
            ("!<tag:example.com,2020:x> 1", "yaml.unsupported-tag 1:1", "`tag:example.com,2020:x`"),
            ("!!int many", "yaml.tag-mismatch 1:1", "`!!int`"), ("!!int 1.5", "yaml.tag-mismatch 1:1", "`!!int`"),
            ("!!bool yes", "yaml.tag-mismatch 1:1", "`!!bool`"), ("!!null x", "yaml.tag-mismatch 1:1", "`!!null`"),
            ("!!str [a]", "yaml.tag-mismatch 1:1", "`!!str`"), ("!!map [a]", "yaml.tag-mismatch 1:1", "`!!map`"),
            ("!!seq a", "yaml.tag-mismatch 1:1", "`!!seq`"),
        ])
    func otherTags(text: String, fault: String, name: String) {
        #expect(faults(text) == [fault])
        #expect(parse(text).diagnostics.first?.message.contains(name) == true)
    }

    @Test("faults of nodes are all reported at once")
    func manyFaults() {
        #expect(
            faults("a: !Ref x\nb: *none\na: 2\nc: .nan\n? [x]\n: 1\nd: {<<: 1}\n") == [
                "yaml.unsupported-tag 1:4", "yaml.unknown-alias 2:4", "yaml.duplicate-key 3:1",
                "yaml.unsupported-number 4:4", "yaml.complex-key 5:3", "yaml.bad-merge 7:9",
            ])
    }

    @Test("UTF-16, bytes that are not UTF-8 and control characters are refused at their place")
    func encodings() {
        func fault(_ bytes: [UInt8]) -> [String] {
            let diagnostics = Node.parse(yaml: bytes, file: "f").diagnostics
            return diagnostics.map { "\($0.code) \($0.spans[0].line):\($0.spans[0].column)" }
        }
        #expect(fault([0xFF, 0xFE, 0x61, 0x00]) == ["yaml.not-utf8 1:1"])
        #expect(fault([0xFE, 0xFF, 0x00, 0x61]) == ["yaml.not-utf8 1:1"])
        #expect(fault([0x61, 0x00, 0x3A, 0x00]) == ["yaml.not-utf8 1:1"])
        #expect(fault(Array("a: é\nb: ".utf8) + [0xFF]) == ["yaml.not-utf8 2:4"])
        #expect(fault(Array("a: é\nb: ".utf8) + [0xC3]) == ["yaml.not-utf8 2:4"])
        #expect(fault(Array("a: 1\nb: \u{1}".utf8)) == ["yaml.syntax 2:4"])
        #expect(json("\u{FEFF}a: 1\n") == [#"{"a":1}"#])
        #expect(parse("\u{FEFF}a: 1\n").documents.first?.span.column == 1)
    }

    @Test(
        "what only YAML 1.1 takes for a line break is refused, its escape is not",
        arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
    func oddLineBreaks(character: String) {
        #expect(faults("a: 1\nb: \"x\(character)y\"\n") == ["yaml.odd-line-break 2:6"])
        #expect(json(#"["\N\L\P"]"#) == ["[\"\u{85}\u{2028}\u{2029}\"]"])
    }

    @Test("line breaks of all systems count")
    func lineBreaks() {
        #expect(faults("a: 1\r\nb: 2\r\na: 3\r\n") == ["yaml.duplicate-key 3:1"])
        #expect(faults("a: 1\rb: 2\ra: 3\r") == ["yaml.duplicate-key 3:1"])
    }

    @Test(
        "a fault of syntax says where and what to do",
        arguments: [
            ("a:\n\tb: 1\n", 2, 1), ("a: @x\n", 1, 4), ("a: b: c\n", 1, 5), ("a: [1\nb: 2\n", 2, 2),
            ("a\nb: 1\n", 2, 2), ("a: 'x\n", 2, 1), ("path: *.example.com\n", 1, 8),
        ])
    func syntax(text: String, line: Int, column: Int) throws {
        let diagnostic = try #require(parse(text).diagnostics.first)
        #expect(diagnostic.code == "yaml.syntax")
        #expect((diagnostic.spans[0].line, diagnostic.spans[0].column) == (line, column), "\(diagnostic)")
    }

    @Test("every code explains itself")
    func codes() {
        for code in YAMLCode.allCases {
            #expect(code.rawValue.hasPrefix("yaml."))
            #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.isEmpty)
        }
    }
}
