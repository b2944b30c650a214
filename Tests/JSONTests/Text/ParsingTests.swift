import Diagnostics
import JSON
import Testing

@Suite("Parsing JSON")
struct ParsingTests {
    @Test(
        "texts of RFC 8259 are read",
        arguments: [
            (#"null"#, JSONValue.null), (" \t\r\n true ", true), ("false", false), ("0", 0), ("-0", 0),
            ("-12", -12), (#""""#, ""), ("[]", []), ("{}", [:]), ("[ ]", []), ("{ }", [:]),
            ("[1,[2,[3]]]", [1, [2, [3]]]), (#"{"a":{"b":[]},"c":null}"#, ["a": ["b": []], "c": nil]),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"),
            (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\u{0}"), (#""\uffff""#, "\u{FFFF}"), ("\"\u{7F}\"", "\u{7F}"),
            ("\u{FEFF}[1]", [1]), (#""é日😀""#, "é日😀"), (#""x\u0041é\n😀y""#, "xAé\n😀y"),
        ] as [(String, JSONValue)])
    func accepted(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(
        "what is not JSON is refused where it goes wrong",
        arguments: [
            ("", 1, 1), ("  ", 1, 3), ("nul", 1, 1), ("True", 1, 1), ("[1,]", 1, 4), ("[,1]", 1, 2), ("[1 2]", 1, 4),
            ("[1", 1, 3), ("[", 1, 2), ("{", 1, 2), (#"{"a"}"#, 1, 5), (#"{"a":}"#, 1, 6), (#"{"a":1,}"#, 1, 8),
            (#"{a:1}"#, 1, 2), (#"{1:1}"#, 1, 2), (#"{"a" 1}"#, 1, 6), (#"{"a":1 "b":2}"#, 1, 8), ("1 2", 1, 3),
            ("[]]", 1, 3), ("{}}", 1, 3), ("'a'", 1, 1), ("// x\n1", 1, 1), ("[1,\n 2,\n x]", 3, 2),
            ("01", 1, 1), ("-01", 1, 1), ("-", 1, 1), ("+1", 1, 1), ("1.", 1, 1), (".5", 1, 1), ("1e", 1, 1),
            ("1e+", 1, 1), ("1.e3", 1, 1), ("0x1F", 1, 2), ("1_000", 1, 2), ("NaN", 1, 1), ("Infinity", 1, 1),
            ("-Infinity", 1, 1), ("--1", 1, 1), (#""abc"#, 1, 1), (#""abc\"#, 1, 5), (#""\x41""#, 1, 2),
            (#""\u12""#, 1, 2), (#""\u12G4""#, 1, 2), (#""\ud83d""#, 1, 2), (#""\ude00""#, 1, 2),
            (#""\ud83d\u0041""#, 1, 2), (#""\ud83dx""#, 1, 2), (#""\ud83d\ud83d""#, 1, 2), ("\"a\nb\"", 1, 3),
            ("\"a\tb\"", 1, 3), ("\"a\u{0}\"", 1, 3), ("[1\u{A0}]", 1, 3), ("\u{0}", 1, 1), ("[1]\u{0}", 1, 4),
            ("[\"é😀\", x]", 1, 8), ("[1,\r\n\r\nx]", 3, 1), ("[1,\rx]", 2, 1),
        ])
    func refused(text: String, line: Int, column: Int) throws {
        let failure = try #require(throws: JSONFailure.self) { try JSONValue(parsing: text) }
        #expect(failure.code == .syntax || failure.code == .notUTF8)
        #expect((failure.line, failure.column) == (line, column), "\(failure)")
        #expect(failure.message.hasSuffix("(line \(line), column \(column))"))
    }

    @Test(
        "bytes that are not UTF-8 are refused at the first of them",
        arguments: [
            ([0x22, 0x61, 0xFF, 0x22], 3), ([0x22, 0xC3, 0x22], 2), ([0x22, 0xC0, 0x80, 0x22], 2),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 2), ([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], 2),
            ([0x22, 0x5C, 0x6E, 0x80, 0x22], 4), ([0xFF, 0xFE, 0x31, 0x00], 1), ([0x00, 0x31], 1), ([0x31, 0x00], 1),
        ] as [([UInt8], Int)])
    func notUTF8(bytes: [UInt8], column: Int) throws {
        let failure = try #require(throws: JSONFailure.self) { try JSONValue(parsing: bytes) }
        #expect(failure.code == .notUTF8)
        #expect(failure.column == column)
    }

    @Test("a text that is cut off anywhere is refused")
    func everyPrefix() throws {
        let text = Array(#"{"a":[1,-2.5e3,"\ud83d\ude00é",true,null,{"b":{}}]}"#.utf8)
        #expect(throws: Never.self) { try JSONValue(parsing: text) }
        for count in 0..<text.count {
            #expect(throws: JSONFailure.self, "\(count) bytes") { try JSONValue(parsing: Array(text.prefix(count))) }
        }
    }

    @Test("the second of two equal names is refused at its place", arguments: [0, 5, 11, 12, 13, 40])
    func duplicates(others: Int) throws {
        let members = (0..<others).map { "\"m\($0)\":1," }.joined()
        let failure = try #require(throws: JSONFailure.self) {
            try JSONValue(parsing: "{\"name\":1,\(members)\n  \"n\\u0061me\":2}")
        }
        #expect(failure.code == .duplicateName)
        #expect((failure.line, failure.column) == (2, 3))
        #expect(failure.message.hasPrefix("the object has two members named `name`"))
    }

    @Test("names that differ only in how an accent is composed are two names")
    func composedNames() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test("depth and size are refused just past their limits")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(100)) }
        #expect(throws: Never.self) { try JSONValue(parsing: "[" + nested(99) + "," + nested(99) + "]") }
        let deep = try #require(throws: JSONFailure.self) { try JSONValue(parsing: nested(101)) }
        #expect(deep.code == .tooDeep)
        #expect(deep.column == 101)
        let mixed = String(repeating: #"{"a":"#, count: 1_000_000)
        #expect(throws: JSONFailure.self) { try JSONValue(parsing: mixed) }

        #expect(throws: Never.self) { try JSONValue(parsing: "123", limits: JSONLimits(bytesMax: 3)) }
        let large = try #require(throws: JSONFailure.self) {
            try JSONValue(parsing: "1234", limits: JSONLimits(bytesMax: 3))
        }
        #expect(large.code == .tooLarge)
        #expect(JSONLimits.standard == JSONLimits(bytesMax: 6 * 1024 * 1024, depthMax: 100))
    }

    @Test("every code explains itself")
    func codes() {
        for code in JSONFailure.Code.allCases {
            #expect(code.rawValue.hasPrefix("json."))
            #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.isEmpty)
        }
    }
}
