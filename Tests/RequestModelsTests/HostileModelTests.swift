import JSON
import RequestModels
import Testing

/// Schemas and bodies made to keep an event loop busy: what is read is counted, and the clock has the last word.
@Suite("Hostile models")
struct HostileModelTests {
    private static let long = String(repeating: "a", count: 2_000_000)
    private static let digits = String(repeating: "7", count: 1_000_000)
    private static let members = "{" + (0..<50_000).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}"
    private static let elements = "[" + (0..<50_000).map { "{\"e\":\($0)}" }.joined(separator: ",") + "]"

    /// The same subschema, so often that each of them may cost next to nothing.
    private static func many(_ schema: String, _ count: Int = 9_000) -> String {
        "{\"allOf\":[" + Array(repeating: schema, count: count).joined(separator: ",") + "]}"
    }

    static let hostile: [(name: String, schema: String, body: String)] = [
        ("lengths", many(#"{"minLength": 1}"#), "\"\(long)\""), ("types", many(#"{"type": "integer"}"#), digits),
        ("bounds", many(#"{"minimum": 1}"#), digits), ("multiples", many(#"{"multipleOf": 7}"#), digits),
        ("enums of numbers", "{\"enum\":[" + (0..<5_000).map { "\($0).5" }.joined(separator: ",") + "]}", digits),
        ("members", many(#"{"properties": {}}"#), members),
        ("names", many(#"{"properties": {"a": {}}}"#), "{\"\(long)\":1}"),
        ("unique", many(#"{"uniqueItems": true}"#), "[\(elements)]"),
        ("formats", many(#"{"format": "uri"}"#), "\"\(long)\""),
        ("elements", many(#"{"items": {"type": "object"}}"#), elements),
        ("names by pattern", many(#"{"patternProperties": {"(a|b|.)*c": {}}}"#, 500), members),
        (
            "texts by pattern", many(#"{"items": {"pattern": "(.*a.*)*(?=.*b)(?=.*c)x{50}"}}"#, 100),
            "[" + Array(repeating: "\"\(long.prefix(16_000))\"", count: 100).joined(separator: ",") + "]"
        ),
        ("look-aheads", many(#"{"pattern": "((?=(a{1,20}){1,50}b).)*c"}"#, 100), "\"\(long.prefix(16_000))\""),
        (
            "choices in choices",
            (0..<12).reduce(#"{"type": "string"}"#) { schema, _ in "{\"anyOf\":[\(schema),\(schema)]}" }, elements
        ),
        (
            "a tree of references",
            ##"{"items": {"$ref": "#"}, "not": {"oneOf": [{"items": {"$ref": "#"}}]}}"##,
            String(repeating: "[", count: 90) + String(repeating: "]", count: 90)
        ),
    ]

    @Test("no pair of schema and body keeps a thread", .timeLimit(.minutes(2)), arguments: hostile.indices)
    func pairs(_ number: Int) throws {
        let pair = Self.hostile[number]
        let schema = try ModelSchema(parsing: pair.schema)
        let body = try JSONValue(parsing: pair.body, limits: JSONLimits(bytesMax: 20 << 20))
        let started = ContinuousClock.now
        _ = schema.verdict(on: body)
        // Ten times what it may take: a debug build on a busy machine, not work that nobody counts.
        #expect(ContinuousClock.now - started < .seconds(3), "\(pair.name): \(ContinuousClock.now - started)")
    }

    @Test("what is not told in time is undecided, and time is asked for only after some work")
    func time() throws {
        let schema = try ModelSchema(parsing: #"{"items": {"type": "object"}}"#)
        let body = try JSONValue(parsing: Self.elements)
        #expect(schema.verdict(on: body, millisecondsMax: -1) == .undecided)
        #expect(schema.verdict(on: body, millisecondsMax: 60_000) == .fits)
        #expect(schema.verdict(on: [["e": 1]], millisecondsMax: -1) == .fits)
    }

    @Test("a mismatch quotes the beginning of a long value only")
    func quotes() throws {
        for (schema, body) in [
            (#"{"maxLength": 1}"#, "\"\(Self.long)\""), (#"{"enum": [1]}"#, Self.digits),
            (#"{"maximum": 1}"#, Self.digits),
            (#"{"multipleOf": 2}"#, Self.digits), (#"{"enum": [1]}"#, Self.elements), (#"{"enum": [1]}"#, Self.members),
            (#"{"additionalProperties": false}"#, "{\"\(Self.long)\": 1}"),
            (#"{"enum": [1]}"#, "{\"\(Self.long)\": 1}"),
            (#"{"enum": [1]}"#, "\"a" + String(repeating: "\u{301}", count: 100_000) + "\""),
        ] {
            guard case .differs(let told) = try ModelSchema(parsing: schema).verdict(on: JSONValue(parsing: body))
            else {
                Issue.record("\(schema) holds")
                continue
            }
            #expect(told.allSatisfy { $0.utf8.count < 600 && $0.contains("...") }, "\(schema)")
        }
        let short = try ModelSchema(parsing: #"{"enum": [1]}"#).verdict(on: ["a": [1, "b", nil, 2, true]])
        #expect(
            short == .differs([#"instance value ({"a":[1,"b",null,2,true]}) not found in enum (possible values: [1])"#])
        )
    }
}
