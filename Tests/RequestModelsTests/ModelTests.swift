import Diagnostics
import JSON
import RequestModels
import Seeds
import Testing

@Suite("Models")
struct ModelTests {
    private func verdict(_ schema: String, _ value: String, models: [String: String] = [:]) throws -> Verdict {
        try ModelSchema(parsing: schema, models: models).verdict(on: JSONValue(parsing: value))
    }

    private static func address(_ name: String) -> String {
        "https://apigateway.amazonaws.com/restapis/a1b2c3/models/\(name)"
    }

    @Test("models refer to models of their API, in circles and by definitions of others")
    func references() throws {
        let models = [
            "Node": """
            {"type": "object", "required": ["tag"], "properties": {"next": {"$ref": "\(Self.address("Node"))"},
             "tag": {"$ref": "\(Self.address("Tag"))#/definitions/short"}}}
            """,
            "Tag": #"{"definitions": {"short": {"type": "string", "maxLength": 3}}}"#,
        ]
        let list = #"{"type": "array", "items": {"$ref": "\#(Self.address("Node"))"}}"#
        #expect(try verdict(list, #"[{"tag": "a", "next": {"tag": "b"}}]"#, models: models) == .fits)
        #expect(
            try verdict(list, #"[{"tag": "a", "next": {"tag": "long"}}]"#, models: models)
                == .differs([#"string "long" is too long (length: 4, maximum allowed: 3)"#]))
        #expect(
            try verdict(list, #"[{"tag": "a", "next": {}}]"#, models: models)
                == .differs([#"object has missing required properties (["tag"])"#]))
    }

    @Test(
        "a model that requests cannot be held against is refused by name",
        arguments: [
            ("[]", ModelFailure.Code.notASchema), ("{", .notASchema), (#"{"type": "int"}"#, .notASchema),
            (#"{"required": true}"#, .notASchema), (#"{"properties": {"a": true}}"#, .notASchema),
            (#"{"minimum": "1"}"#, .notASchema), (#"{"exclusiveMinimum": 3}"#, .notASchema),
            (#"{"exclusiveMaximum": true}"#, .notASchema), (#"{"multipleOf": 0}"#, .notASchema),
            (#"{"minLength": -1}"#, .notASchema), (#"{"minItems": 1.5}"#, .notASchema), (#"{"enum": {}}"#, .notASchema),
            (#"{"allOf": []}"#, .notASchema), (#"{"items": 3}"#, .notASchema), (#"{"uniqueItems": 1}"#, .notASchema),
            (#"{"additionalProperties": "no"}"#, .notASchema), (#"{"dependencies": {"a": ["b", 1]}}"#, .notASchema),
            (#"{"definitions": {"a": 1}}"#, .notASchema), (#"{"pattern": 1}"#, .notASchema),
            (#"{"pattern": "("}"#, .badPattern), (#"{"patternProperties": {"(a)\\1": {}}}"#, .badPattern),
            ("{\"$ref\": \"#/definitions/none\"}", .unknownReference),
            ("{\"$ref\": \"other.json\"}", .unknownReference),
            ("{\"$ref\": \"file:///etc/passwd\"}", .unknownReference),
            ("{\"$ref\": \"https://apigateway.amazonaws.com/restapis/a/models/None\"}", .unknownReference),
            ("{\"$ref\": \"#\"}", .endlessReference),
            ("{\"allOf\": [{\"not\": {\"$ref\": \"#\"}}]}", .endlessReference),
            (
                ##"{"anyOf": [{"$ref": "#/definitions/a"}], "definitions": {"a": {"dependencies": {"x": {"$ref": "#"}}}}}"##,
                .endlessReference
            ),
        ])
    func refused(_ schema: String, _ code: ModelFailure.Code) {
        let failure = #expect(throws: ModelFailure.self) { try ModelSchema(parsing: schema) }
        #expect(failure?.code == code)
        #expect(failure?.message.isEmpty == false)
    }

    @Test("a definition that the schema lacks is the model of that name")
    func definitions() throws {
        let models = [
            "Pet": ##"{"properties": {"kind": {"$ref": "#/definitions/Kind"}}}"##, "Kind": #"{"enum": ["dog"]}"#,
        ]
        let list = ##"{"items": {"$ref": "#/definitions/Pet"}}"##
        #expect(try verdict(list, #"[{"kind": "dog"}]"#, models: models) == .fits)
        #expect(try verdict(list, #"[{"kind": "cow"}]"#, models: models) != .fits)
    }

    @Test("a model that may still come is let pass where that is asked for")
    func later() throws {
        let schema = #"{"type": "array", "items": {"$ref": "\#(Self.address("Later"))"}}"#
        let model = try ModelSchema(parsing: schema, ignoresUnknownModels: true)
        #expect(model.verdict(on: [1]) == .fits)
        #expect(model.verdict(on: 1) != .fits)
    }

    @Test("numbers are compared and divided by their digits, never rounded")
    func numbers() throws {
        #expect(try verdict(#"{"maximum": 9007199254740993}"#, "9007199254740994") != .fits)
        #expect(try verdict(#"{"maximum": 9007199254740993}"#, "9007199254740993.0") == .fits)
        #expect(try verdict(#"{"multipleOf": 0.01}"#, "19.99") == .fits)
        #expect(try verdict(#"{"multipleOf": 0.01}"#, "19.999") != .fits)
        #expect(try verdict(#"{"multipleOf": 7}"#, "1e999999999") != .fits)
        #expect(try verdict(#"{"multipleOf": 1e-400}"#, "3") == .fits)
        #expect(try verdict(#"{"minimum": -0.0}"#, "-1e-99999999999999999999") != .fits)
        #expect(try verdict(#"{"multipleOf": 999999999999999999}"#, "999999999999999999e99") == .fits)
    }

    @Test("mismatches are told in the words of the service, at most sixteen of them")
    func words() throws {
        #expect(
            try verdict(#"{"type": "integer"}"#, #""a""#)
                == .differs([
                    #"instance type (string) does not match any allowed primitive type (allowed: ["integer"])"#
                ]))
        #expect(
            try verdict(#"{"enum": ["dog", "cat"]}"#, #""cow""#)
                == .differs([#"instance value ("cow") not found in enum (possible values: ["dog","cat"])"#]))
        let many = JSONValue.array((0..<100).map { _ in "x" })
        guard case .differs(let told) = try ModelSchema(parsing: #"{"items": {"type": "null"}}"#).verdict(on: many)
        else {
            Issue.record("it does not fit")
            return
        }
        #expect(told.count == 16)
        let long = String(repeating: "y", count: 5000)
        guard case .differs(let short) = try ModelSchema(parsing: #"{"maxLength": 1}"#).verdict(on: .string(long))
        else {
            Issue.record("it does not fit")
            return
        }
        #expect(short[0].utf8.count < 300)
    }

    @Test("a schema made to be slow is given up within its steps, and taken for what does not fit")
    func slow() throws {
        // Each level asks twice for the next one: two to the power of 40 ways.
        var text = #"{"definitions": {"d40": {"type": "string"}"#
        for level in 0..<40 {
            let next = "{\"$ref\": \"#/definitions/d\(level + 1)\"}"
            text += ", \"d\(level)\": {\"allOf\": [{\"not\": {\"not\": \(next)}}, {\"not\": {\"not\": \(next)}}]}"
        }
        text += "}, \"$ref2\": 0, \"allOf\": [{\"$ref\": \"#/definitions/d0\"}]}"
        let schema = try ModelSchema(parsing: text)
        #expect(schema.verdict(on: "a", stepsMax: 100_000) == .undecided)
        let pattern = try ModelSchema(parsing: #"{"pattern": "^((a|aa)+)+$"}"#)
        let subject = JSONValue.string(String(repeating: "a", count: 10_000) + "b")
        #expect(pattern.verdict(on: subject) != .fits)
        #expect(pattern.verdict(on: .string(String(repeating: "a", count: 20_000))) == .undecided)
    }

    @Test("a deep chain of references is given up, not followed into the ground")
    func deep() throws {
        var text = "{\"allOf\": [{\"$ref\": \"#/definitions/d0\"}], \"definitions\": {\"d999\": {}"
        for level in 0..<999 { text += ", \"d\(level)\": {\"$ref\": \"#/definitions/d\(level + 1)\"}" }
        #expect(try ModelSchema(parsing: text + "}}").verdict(on: 1) == .undecided)
    }

    @Test("a schema of too many parts is refused")
    func large() {
        let text = "{\"definitions\": {" + (0..<20_001).map { "\"d\($0)\": {}" }.joined(separator: ",") + "}}"
        let failure = #expect(throws: ModelFailure.self) { try ModelSchema(parsing: text) }
        #expect(failure?.code == .tooLarge)
    }

    @Test("bodies that are no JSON do not fit any model")
    func bodies() throws {
        let model = try ModelSchema(parsing: "{}")
        for body in ["", "{", "nonsense", "{} {}", "\u{0}"] {
            #expect(model.verdict(onBody: Array(body.utf8), bytesMax: 100) != .fits)
        }
        #expect(model.verdict(onBody: Array("[1]".utf8), bytesMax: 100) == .fits)
        #expect(model.verdict(onBody: Array("[1, 2]".utf8), bytesMax: 5) != .fits)
    }

    @Test("schemas and values by seed never harm the validator", arguments: 0..<300)
    func fuzz(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let schema = Self.schema(&random, depth: 4)
        do {
            let model = try ModelSchema(parsing: schema.text(.compact))
            let value = Self.value(&random, depth: 3)
            #expect(model.verdict(on: value, stepsMax: 200_000) == model.verdict(on: value, stepsMax: 200_000))
        } catch {
            #expect(!error.message.isEmpty)
        }
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch random.next() % (depth > 0 ? 8 : 6) {
        case 0: .null
        case 1: .bool(true)
        case 2: .number(JSONNumber(text: random.pick(["0", "-1", "1.5", "1e400", "-0.0", "123456789012345678901"])))
        case 3, 4, 5: .string(random.pick(["", "a", "1990-12-31T15:59:60Z", "::1", "#/a", "[a"]))
        case 6: .array((0..<3).map { _ in value(&random, depth: depth - 1) })
        default: .object(JSONObject(["a", "b", "a"].map { ($0, value(&random, depth: depth - 1)) }))
        }
    }

    private static func schema(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        var schema: JSONObject = [:]
        let names = [
            "type", "enum", "minimum", "exclusiveMinimum", "multipleOf", "maxLength", "pattern", "format", "items",
            "additionalItems", "uniqueItems", "properties", "patternProperties", "additionalProperties", "required",
            "dependencies", "allOf", "anyOf", "oneOf", "not", "$ref", "definitions",
        ]
        for _ in 0..<(random.next() % 4) {
            let name = random.pick(names)
            let part: JSONValue = depth > 0 ? Self.schema(&random, depth: depth - 1) : .object([:])
            schema[name] =
                switch name {
                case "type": .string(random.pick(["string", "object", "array", "number", "what"]))
                case "allOf", "anyOf", "oneOf", "enum": .array([part, part])
                case "items", "additionalItems", "additionalProperties", "not": part
                case "properties", "patternProperties", "dependencies", "definitions": .object(["a": part, "b*": part])
                case "$ref": .string(random.pick(["#", "#/definitions/a", "#/items", "x"]))
                case "format": .string(random.pick(["email", "uri", "ipv6", "date-time", "regex", "hostname"]))
                case "pattern": .string(random.pick(["a*", "(", "^.$", "[^a]"]))
                case "required": .array(["a"])
                default: value(&random, depth: 0)
                }
        }
        return .object(schema)
    }
}
