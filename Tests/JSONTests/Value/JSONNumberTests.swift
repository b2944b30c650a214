import JSON
import Seeds
import Testing

@Suite("Numbers")
struct JSONNumberTests {
    @Test(
        "each value has one canonical text",
        arguments: [
            ("0", "0"), ("-0", "0"), ("0.000", "0"), ("0e9", "0"), ("-0.0e-5", "0"), ("100", "100"), ("100.0", "100"),
            ("1e2", "100"), ("1E+2", "100"), ("1.00e02", "100"), ("1000e-1", "100"), ("0.01e4", "100"),
            ("-1.50", "-1.5"), ("0.10", "0.1"), ("0.000001", "0.000001"), ("1e-6", "0.000001"), ("1e-7", "1e-7"),
            ("0.00000015", "1.5e-7"), ("123456789012345678901", "123456789012345678901"),
            ("1234567890123456789012", "1.234567890123456789012e21"), ("1e20", "100000000000000000000"),
            ("1e21", "1e21"), ("10e20", "1e21"), ("12.5e1", "125"), ("12.5e0", "12.5"), ("1.25e1", "12.5"),
            ("1e400", "1e400"), ("10e399", "1e400"), ("1e-400", "1e-400"), ("1e999999999999999", "1e999999999999999"),
            ("1e-999999999999999", "1e-999999999999999"), ("1e000000000000000000000000000002", "100"),
            ("0e99999999999999999999999", "0"), ("00.5", "0.5"),
        ])
    func canonical(text: String, expected: String) {
        #expect(JSONNumber(text: text).canonicalText == expected)
    }

    @Test("numbers are equal by value and hash alike")
    func equality() {
        #expect(JSONNumber(text: "100") == JSONNumber(text: "1e2"))
        #expect(JSONNumber(text: "100").hashValue == JSONNumber(text: "100.0").hashValue)
        #expect(JSONNumber(text: "100") != JSONNumber(text: "101"))
        #expect(JSONNumber(text: "9007199254740993") != JSONNumber(text: "9007199254740992.0"))
        #expect(JSONNumber(text: "0.1") != JSONNumber(text: "0.10000000000000001"))
        #expect(JSONNumber(text: "1") != JSONNumber(text: "-1"))
        #expect(Set([JSONNumber(text: "1"), JSONNumber(text: "1.0"), JSONNumber(text: "10e-1")]).count == 1)
    }

    @Test("an exponent too large to work with costs nothing and equals only its own text")
    func hugeExponent() {
        let digits = String(repeating: "9", count: 1_000_000)
        let number = JSONNumber(text: "1e" + digits)
        #expect(number == JSONNumber(text: "1e" + digits))
        #expect(number != JSONNumber(text: "10e" + digits))
        #expect(number.int == nil)
        #expect(JSONNumber(text: "1e-" + digits).int == nil)
    }

    @Test("whole numbers are given exactly, others not at all")
    func int() {
        #expect(JSONNumber(text: "9223372036854775807").int == .max)
        #expect(JSONNumber(text: "9223372036854775807.0").int == .max)
        #expect(JSONNumber(text: "-9223372036854775808").int == .min)
        #expect(JSONNumber(text: "9223372036854775808").int == nil)
        #expect(JSONNumber(text: "9007199254740993.0").int == 9_007_199_254_740_993)
        #expect(JSONNumber(text: "2.9e1").int == 29)
        #expect(JSONNumber(text: "1.5").int == nil)
        #expect(JSONNumber(text: "1e400").int == nil)
        #expect(JSONNumber(text: "-0").int == 0)
    }

    @Test("doubles are written so that they can be read again", arguments: [0.1, 1e-9, 1e21, 5e-324, 1.0, -2.5])
    func doubles(value: Double) throws {
        let number = JSONNumber(value)
        #expect(number.double == value)
        #expect(try JSONValue(parsing: number.text) == .number(number))
    }

    @Test("the canonical text has the value of the number", arguments: 1...300 as ClosedRange<UInt64>)
    func sameValue(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let number = generator.number()
        let canonical = JSONNumber(text: number.canonicalText)
        #expect(canonical == number, "\(number.text)")
        #expect(canonical.canonicalText == number.canonicalText)
        #expect(canonical.double == number.double || number.double == 0, "\(number.text)")
        #expect(try JSONValue(parsing: canonical.text) == .number(number))
    }
}
