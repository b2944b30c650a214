import Diagnostics
import JSON
import Testing
import YAML

@Suite("The core schema")
struct CoreSchemaTests {
    private func node(_ scalar: String) throws -> Node {
        let (documents, diagnostics) = Node.parse(yaml: Array("- \(scalar)\n".utf8), file: "f")
        #expect(diagnostics.isEmpty, "\(diagnostics)")
        return try #require(documents.first?.elements?.first)
    }

    @Test("nulls and booleans have three spellings each, and nothing else is one")
    func words() throws {
        for word in ["", "~", "null", "Null", "NULL"] { #expect(try node(word).isNull, "\(word)") }
        for word in ["true", "True", "TRUE"] { #expect(try node(word).bool == true, "\(word)") }
        for word in ["false", "False", "FALSE"] { #expect(try node(word).bool == false, "\(word)") }
        let strings = [
            "yes", "no", "on", "off", "y", "n", "Yes", "NO", "nULL", "tRUE", "TRue", "nulL", "truee", "nul", "~~",
            "nil",
        ]
        for word in strings { #expect(try node(word).string == word, "\(word)") }
        #expect(try node("True").scalarText == "True")
    }

    @Test(
        "numbers are JSON numbers and keep their source text",
        arguments: [
            ("0", "0"), ("-0", "-0"), ("12", "12"), ("+12", "12"), ("-12", "-12"), ("0x1F", "31"), ("0xff", "255"),
            ("0o17", "15"), ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"), ("1.5", "1.5"), ("1.50", "1.50"),
            ("1.", "1"), (".5", "0.5"), ("-.5", "-0.5"), ("+.5", "0.5"), ("1e3", "1e3"), ("1E+3", "1E+3"),
            ("1.e3", "1e3"), ("+1.5e-3", "1.5e-3"), ("012.5", "12.5"), ("00.5", "0.5"), ("-00.50e1", "-0.50e1"),
            ("012e3", "12e3"), ("123456789012345678901234567890", "123456789012345678901234567890"),
        ])
    func numbers(text: String, json: String) throws {
        let node = try node(text)
        #expect(node.number?.text == json)
        #expect(node.scalarText == text)
        #expect(try JSONValue(parsing: json) == node.value)
    }

    @Test(
        "what only looks like a number is a string",
        arguments: [
            "012", "00", "-012", "+00", "000123456789", "1_000", "1:30", "12:30:45", "2001-12-14", "0b101", "0x", "0o",
            "0o8", "0xG", "-0x1F", "+0o7", "1e", "1e+", ".", "+", "-.", "+.", "..5", "1.2.3", ".e3", "1.5e", "1,000",
            "0X1F", "0O7", "1a", "--1", ".inF", ".Nan", "+.nan", "-.nan", "...5", "inf", "NaN",
        ])
    func notNumbers(text: String) throws {
        #expect(try node(text).string == text)
    }

    @Test(
        "numbers that JSON does not have are refused, unless quoted",
        arguments: [".inf", "-.inf", "+.INF", ".Inf", ".nan", ".NaN", ".NAN", "0x10000000000000000"])
    func unsupported(text: String) throws {
        let result = Node.parse(yaml: Array("a: \(text)".utf8), file: "f")
        #expect(result.diagnostics.map(\.code) == ["yaml.unsupported-number"])
        #expect(try node("'\(text)'").string == text)
    }

    @Test("a quoted or block scalar is a string")
    func quoted() throws {
        #expect(try node("'12'").string == "12")
        #expect(try node("\"true\"").string == "true")
        #expect(try node("|-\n    null").string == "null")
        #expect(try node("''").string == "")
        #expect(try node(#""\u0000\x41\u00e9\U0001F600""#).string == "\u{0}Aé😀")
    }
}
