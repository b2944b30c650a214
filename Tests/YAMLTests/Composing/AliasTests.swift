import Diagnostics
import JSON
import Testing
import YAML

@Suite("Aliases, merges and limits of YAML")
struct AliasTests {
    private func parse(
        _ text: String, limits: YAMLLimits = .standard
    ) -> (documents: [Node], diagnostics: [Diagnostic]) {
        Node.parse(yaml: Array(text.utf8), file: "a.yaml", limits: limits)
    }

    private func faults(_ text: String, limits: YAMLLimits = .standard) -> [String] {
        parse(text, limits: limits).diagnostics.map { "\($0.code) \($0.spans[0].line):\($0.spans[0].column)" }
    }

    private func json(_ text: String) -> String {
        let (documents, diagnostics) = parse(text)
        #expect(diagnostics.isEmpty, "\(diagnostics)")
        return documents.map { $0.value.text(.compact) }.joined(separator: " ")
    }

    @Test("an alias stands for the last anchor of its name")
    func aliases() {
        #expect(json("[&a 1, *a, &a 2, *a]") == "[1,1,2,2]")
        #expect(json("a: &x {b: [1]}\nc: *x\n") == #"{"a":{"b":[1]},"c":{"b":[1]}}"#)
        #expect(json("&k key: 1\nother: *k\n") == #"{"key":1,"other":"key"}"#)
    }

    @Test("an alias has its own place, what is in it that of the anchor")
    func places() throws {
        let node = try #require(parse("a: &x {b: 1}\nc: *x\n").documents.first)
        #expect(node["c"]?.span == SourceSpan(file: "a.yaml", line: 2, column: 4, length: 2))
        #expect(node["c"]?["b"]?.span.line == 1)
    }

    @Test("unknown and recursive aliases are refused at the alias")
    func badAliases() {
        #expect(faults("a: *x\nb: &x 1\n") == ["yaml.unknown-alias 1:4"])
        #expect(faults("&a [*a]") == ["yaml.recursive-alias 1:5"])
        #expect(faults("a: &a\n  b: {c: *a}\n") == ["yaml.recursive-alias 2:10"])
        #expect(faults("[&a 1, &a [*a]]") == ["yaml.recursive-alias 1:12"])
        #expect(faults("a: &a {<<: *a}\n") == ["yaml.recursive-alias 1:12"])
        #expect(faults("*a : 1\n") == ["yaml.unknown-alias 1:1"])
    }

    @Test("aliases of aliases of aliases are refused at once", .timeLimit(.minutes(1)), arguments: [true, false])
    func billionLaughs(asMerges: Bool) {
        var text = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
        if asMerges { text = "l0: &l0 {a: 1, b: 2, c: 3}\n" }
        for level in 1...20 {
            let uses = repeatElement("*l\(level - 1)", count: 10)
            let body =
                asMerges
                ? "{" + uses.enumerated().map { "k\($0): {<<: \($1)}, m\($0): \($1)" }.joined(separator: ", ") + "}"
                : "[" + uses.joined(separator: ", ") + "]"
            text += "l\(level): &l\(level) \(body)\n"
        }
        let (documents, diagnostics) = parse(text)
        #expect(documents.isEmpty)
        #expect(diagnostics.map(\.code) == ["yaml.alias-budget"])
    }

    @Test("the alias budget counts the nodes that aliases add, over all documents")
    func aliasBudget() {
        let limits = YAMLLimits(aliasedNodesMax: 8)
        #expect(faults("a: &a [1, 2, 3]\nb: [*a, *a]\n", limits: limits) == [])
        #expect(faults("a: &a [1, 2, 3]\nb: [*a, *a, *a]\n", limits: limits) == ["yaml.alias-budget 2:13"])
        #expect(
            faults("a: &a [1, 2, 3]\nb: *a\n---\na: &a [1, 2, 3]\nb: [*a, *a]\n", limits: limits)
                == ["yaml.alias-budget 5:9"])
    }

    @Test("depth is refused just past its limit, aliases followed")
    func depth() {
        func nested(_ depth: Int, _ inner: String = "") -> String {
            String(repeating: "[", count: depth) + inner + String(repeating: "]", count: depth)
        }
        #expect(faults(nested(100)) == [])
        #expect(faults(nested(101)) == ["yaml.too-deep 1:101"])
        #expect(faults("[&a \(nested(50)), \(nested(49, "*a"))]") == [])
        #expect(faults("[&a \(nested(50)), \(nested(50, "*a"))]").first?.hasPrefix("yaml.too-deep") == true)
        #expect(faults("[&a [&b \(nested(50)), 1], \(nested(48, "*a"))]") == [])
        #expect(faults("[&a [&b \(nested(50)), 1], \(nested(49, "*a"))]").first?.hasPrefix("yaml.too-deep") == true)
        #expect(faults(String(repeating: "- ", count: 101)).first?.hasPrefix("yaml.too-deep") == true)
    }

    @Test("a hostile file of any shape ends soon", .timeLimit(.minutes(1)))
    func hostileShapes() {
        let pieces = [
            "[", "{", "- ", "? ", "{a: ", "a: &a ", "!", "'", "&a ", "%", "[a, ", "*a ", "a:\n ", "\"", "|\n",
        ]
        for piece in pieces {
            let text = String(repeating: piece, count: 200_001 / piece.utf8.count)
            #expect(parse(text).diagnostics.hasErrors, "\(piece)")
        }
    }

    @Test("the 1,000th fault of a file ends the reading")
    func manyFaults() {
        let many = String(repeating: "a: 1\n", count: 100_000)
        #expect(parse(many).diagnostics.count == 1_000)
        #expect(parse(many).documents.isEmpty)
        #expect(parse(String(repeating: "a: 1\n", count: 1_000)).diagnostics.count == 999)
    }

    @Test("size is refused just past its limit")
    func size() {
        #expect(faults("a: 12", limits: YAMLLimits(bytesMax: 5)) == [])
        #expect(faults("a: 123", limits: YAMLLimits(bytesMax: 5)) == ["yaml.too-large 1:1"])
        #expect(YAMLLimits.standard.bytesMax == 1 << 20)
        #expect(YAMLLimits.definition.bytesMax == 6 << 20)
        #expect(faults("a: " + String(repeating: "x", count: 1 << 20)) == ["yaml.too-large 1:1"])
    }

    @Test("a merge adds what is not written, an earlier map wins")
    func merges() {
        #expect(json("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n") == #"{"a":{"x":1,"y":2},"b":{"x":1,"y":3}}"#)
        #expect(json("a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}\n") == #"{"a":{"x":1,"y":2},"b":{"y":3,"x":1}}"#)
        #expect(json("<<: [{a: 1}, {a: 2, b: 3}]\nc: 4\n") == #"{"a":1,"b":3,"c":4}"#)
        #expect(json("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n").hasSuffix(#""c":{"x":1,"y":2}}"#))
        #expect(json("<<: {}\n") == "{}")
        #expect(json("<<: []\n") == "{}")
        #expect(json("\"<<\": 1\n") == #"{"<<":1}"#)
        #expect(json("!!merge <<: {a: 1}\n") == #"{"a":1}"#)
        #expect(json("a: <<\n") == #"{"a":"<<"}"#)
    }

    @Test("a merge of anything but maps is refused at the value, a second merge at the key")
    func badMerges() {
        #expect(faults("<<: 1\n") == ["yaml.bad-merge 1:5"])
        #expect(faults("<<: [1]\n") == ["yaml.bad-merge 1:5"])
        #expect(faults("<<:\n").first?.hasPrefix("yaml.bad-merge") == true)
        #expect(faults("a: &a [{x: 1}]\nb: {<<: [*a]}\n") == ["yaml.bad-merge 2:9"])
        #expect(faults("<<: {a: 1}\n<<: {b: 2}\n") == ["yaml.duplicate-key 2:1"])
        #expect(faults("<<: *none\n") == ["yaml.unknown-alias 1:5"])
    }
}
