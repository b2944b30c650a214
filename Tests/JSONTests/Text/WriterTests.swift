import Diagnostics
import JSON
import Seeds
import Testing

@Suite("Writing JSON")
struct WriterTests {
    @Test("compact keeps order and number text")
    func compact() throws {
        let text = #"{"b":1.50,"a":[1e2,-0,{}],"":"\u0001\"\\/\n"}"#
        #expect(try JSONValue(parsing: text).text(.compact) == text)
    }

    @Test("canonical sorts by bytes, writes numbers one way and escapes only what it must")
    func canonical() throws {
        let value = try JSONValue(parsing: #"{"b":1.50,"a":[1e2,-0,{}],"😀":1,"\uffff":2,"é":"\u00e9\/\u007f\u001f"}"#)
        #expect(
            value.text(.canonical)
                == "{\"a\":[100,0,{}],\"b\":1.5,\"é\":\"é/\u{7F}\\u001f\",\"\u{FFFF}\":2,\"😀\":1}")
    }

    @Test("pretty indents by two blanks and leaves empty ones alone")
    func pretty() throws {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": [], "d": [:]]
        #expect(
            value.text(.pretty) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": [],
                  "d": {}
                }
                """)
    }

    @Test("every control character is escaped in its short form if it has one")
    func controlCharacters() throws {
        let text = String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0 as UInt32) }))
        let written = JSONValue.string(text).text(.compact)
        #expect(
            written == #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
                + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f""#)
    }

    @Test("write then parse is identity", arguments: 1...200 as ClosedRange<UInt64>)
    func identity(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = generator.value()
        for style in JSONStyle.allCases {
            #expect(try JSONValue(parsing: value.bytes(style)) == value, "\(style)")
        }
        let compact = value.text(.compact)
        #expect(try JSONValue(parsing: compact).text(.compact) == compact)
    }

    @Test("equal values have one canonical text, whatever their order", arguments: 1...200 as ClosedRange<UInt64>)
    func canonicalIsCanonical(seed: UInt64) throws {
        func shuffled(_ value: JSONValue, _ generator: inout SeededGenerator) -> JSONValue {
            switch value {
            case .array(let elements): .array(elements.map { shuffled($0, &generator) })
            case .object(let object):
                .object(JSONObject(object.shuffled(using: &generator).map { ($0, shuffled($1, &generator)) }))
            case .number(let number) where !number.text.lowercased().contains("e"):
                .number(JSONNumber(text: number.text + "e0"))
            default: value
            }
        }
        var generator = SeededGenerator(seed: seed)
        let value = generator.value()
        let other = shuffled(value, &generator)
        #expect(other == value)
        #expect(other.hashValue == value.hashValue)
        #expect(other.bytes(.canonical) == value.bytes(.canonical))
        #expect(try JSONValue(parsing: value.bytes(.canonical)).bytes(.canonical) == value.bytes(.canonical))
    }

    @Test("random bytes never crash the parser", arguments: 1...200 as ClosedRange<UInt64>)
    func noise(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = generator.value().bytes(.compact)
        for _ in 0..<20 where !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            if let value = try? JSONValue(parsing: bytes) {
                #expect(try JSONValue(parsing: value.bytes(.compact)) == value)
                #expect(Node.parse(json: bytes, file: "f").node?.value == value)
            } else {
                #expect(Node.parse(json: bytes, file: "f").diagnostics.hasErrors)
            }
        }
    }
}
