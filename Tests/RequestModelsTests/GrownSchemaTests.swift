import Foundation
import JSON
import RequestModels
import Seeds
import Testing

/// Schemas and values made at random, told alike by Python's `jsonschema`, which is a validator of its own.
///
/// `make fuzz` does it for `GATEWRIGHT_FUZZ_RUNS` seeds from `GATEWRIGHT_FUZZ_SEED` on.
@Suite("Schemas grown at random")
struct GrownSchemaTests {
    static let runs = setting("GATEWRIGHT_FUZZ_RUNS") ?? 2_000
    static let seed = setting("GATEWRIGHT_FUZZ_SEED") ?? 0

    private static func setting(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap(Int.init) }

    /// One line a case: `true` or `false`.
    private static let peer = """
        import json, sys
        from jsonschema import Draft4Validator
        for line in sys.stdin:
            case = json.loads(line)
            print("true" if Draft4Validator(case["schema"]).is_valid(case["value"]) else "false")
        """

    private static let hasPeer = (try? run(["-c", "import jsonschema"], input: Data())) != nil

    /// What the command prints; throws if it fails.
    private static func run(_ arguments: [String], input: Data) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gw-schemas-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (questions, answers) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try input.write(to: questions)
        try Data().write(to: answers)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: questions)
        process.standardOutput = try FileHandle(forWritingTo: answers)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
        return try String(contentsOf: answers, encoding: .utf8)
    }

    @Test(
        "a value fits here if it fits there", .enabled(if: hasPeer, "Python's jsonschema is not installed"))
    func peers() throws {
        let cases = (Self.seed..<(Self.seed + Self.runs)).map { seed -> (schema: JSONValue, value: JSONValue) in
            var generator = SchemaGenerator(seed: seed)
            return (generator.schema(), generator.value())
        }
        let lines = cases.map { JSONValue.object(["schema": $0.schema, "value": $0.value]).text(.compact) + "\n" }
        let answers = try Self.run(["-c", Self.peer], input: Data(lines.joined().utf8)).split(separator: "\n")
        try #require(answers.count == cases.count)
        var fitting = 0
        for (index, (schema, value)) in cases.enumerated() {
            let verdict = try ModelSchema(parsing: schema.text(.compact), models: [:]).verdict(on: value)
            #expect(
                (verdict == .fits) == (answers[index] == "true") && verdict != .undecided,
                "seed \(Self.seed + index): \(schema.text(.compact)) \(value.text(.compact)) \(verdict)")
            if verdict == .fits { fitting += 1 }
        }
        guard Self.runs >= 1_000 else { return }
        // What was asked is worth asking.
        #expect(fitting * 5 > Self.runs && fitting * 5 < Self.runs * 4, "\(fitting) of \(Self.runs) fit")
    }
}

/// Draws schemas with every keyword that tells values apart, and values out of a world so small that they often meet.
private struct SchemaGenerator {
    private var random: SeededGenerator

    init(seed: Int) { random = SeededGenerator(seed: seed) }

    private static let names = ["a", "b", "ab", "c"]
    private static let texts = ["", "a", "b", "ab", "abc", "é", "😀", "1"]
    private static let numbers = ["-2", "-1", "0", "1", "2", "3", "1.0", "0.5", "1.5", "1e2", "100"]
    private static let patterns = ["^a", "b$", "^[ab]+$", "c?", "^.$", "a|1"]
    private static let types = ["null", "boolean", "integer", "number", "string", "array", "object"]

    mutating func value(_ depth: Int = 3) -> JSONValue {
        switch random.below(depth == 0 ? 6 : 10) {
        case 0: return .null
        case 1: return .bool(random.chance(50))
        case 2, 3: return number()
        case 4, 5: return .string(random.pick(Self.texts))
        case 6, 7: return .array((0..<random.below(4)).map { _ in value(depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<random.below(4) { object[random.pick(Self.names)] = value(depth - 1) }
            return .object(object)
        }
    }

    /// With definitions, to which schemas of members and elements refer.
    mutating func schema() -> JSONValue {
        var root = schema(3)
        root["definitions"] = .object(["x": .object(schema(2)), "y": .object(schema(1))])
        return .object(root)
    }

    private mutating func schema(_ depth: Int) -> JSONObject {
        var schema = JSONObject()
        for _ in 0..<(1 + random.below(3)) { add(to: &schema, depth) }
        return schema
    }

    /// Of a member or an element, where a reference makes no circle.
    private mutating func inner(_ depth: Int) -> JSONValue {
        if random.chance(15) { return ["$ref": .string("#" + random.pick(["", "/definitions/x", "/definitions/y"]))] }
        return .object(schema(depth))
    }

    private mutating func number() -> JSONValue { .number(JSONNumber(text: random.pick(Self.numbers))) }
    private mutating func count() -> JSONValue { .number(JSONNumber(text: "\(random.below(4))")) }

    private mutating func members(_ names: [String], _ depth: Int) -> JSONValue {
        var members = JSONObject()
        for _ in 0...random.below(3) { members[random.pick(names)] = inner(depth) }
        return .object(members)
    }

    private mutating func add(to schema: inout JSONObject, _ depth: Int) {
        switch random.below(depth == 0 ? 11 : 20) {
        case 0, 1: schema["type"] = .string(random.pick(Self.types))
        case 2: schema["type"] = .array(Array(Set([random.pick(Self.types), "string"])).sorted().map { .string($0) })
        case 3:
            schema["minimum"] = number()
            if random.chance(40) { schema["exclusiveMinimum"] = true }
        case 4:
            schema["maximum"] = number()
            if random.chance(40) { schema["exclusiveMaximum"] = true }
        case 5: schema["multipleOf"] = .number(JSONNumber(text: random.pick(["1", "2", "0.5", "1.5", "50"])))
        case 6: schema[random.pick(["minLength", "maxLength", "minItems", "maxItems"])] = count()
        case 7: schema[random.pick(["minProperties", "maxProperties"])] = count()
        case 8: schema["pattern"] = .string(random.pick(Self.patterns))
        case 9: schema["enum"] = .array(Array(Set((0...random.below(3)).map { _ in value(1) })))
        case 10: schema["required"] = .array(Array(Set([random.pick(Self.names), "a"])).sorted().map { .string($0) })
        case 11: schema["properties"] = members(Self.names, depth - 1)
        case 12: schema["patternProperties"] = members(Self.patterns, depth - 1)
        case 13: schema["additionalProperties"] = random.chance(50) ? false : inner(depth - 1)
        case 14: schema["items"] = random.chance(50) ? inner(depth - 1) : .array([inner(depth - 1), inner(depth - 1)])
        case 15: schema["additionalItems"] = random.chance(50) ? false : inner(depth - 1)
        case 16: schema["uniqueItems"] = true
        case 17:
            schema["dependencies"] = [
                random.pick(Self.names): random.chance(50) ? ["b"] : .object(self.schema(depth - 1))
            ]
        case 18: schema["not"] = .object(self.schema(depth - 1))
        default:
            schema[random.pick(["allOf", "anyOf", "oneOf"])] = .array(
                (0...random.below(3)).map { _ in .object(self.schema(depth - 1)) })
        }
    }
}
