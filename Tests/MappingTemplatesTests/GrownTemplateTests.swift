import Foundation
import JSON
import MappingTemplates
import Seeds
import Testing

/// Templates, paths and patterns grown from their grammars, which mutilated ones seldom are: they run, and long.
///
/// `make fuzz` does it for as many seeds as it does the others.
@Suite("Templates grown from the grammar")
struct GrownTemplateTests {
    @Test("whatever is grown renders or is refused, in its time")
    func templates() {
        let limits = TemplateLimits(outputBytesMax: 1 << 20, elementsMax: 100_000, millisecondsMax: 100)
        for seed in FuzzTests.seed..<(FuzzTests.seed + max(FuzzTests.runs / 5, 1)) {
            var generator = TemplateGenerator(seed: seed)
            let text = generator.template()
            let started = ContinuousClock.now
            let found = failure(text, body: TemplateGenerator.body, limits: limits)
            #expect(ContinuousClock.now - started < .seconds(10), "seed \(seed): \(text)")
            guard let found else { continue }
            #expect(found.line == 1 && found.column >= 1, "seed \(seed): \(found) \(text)")
        }
    }

    @Test("whatever path is grown is read or refused, and ends")
    func paths() throws {
        let value = try JSONValue(parsing: TemplateGenerator.body, limits: JSONLimits(depthMax: 200))
        for seed in FuzzTests.seed..<(FuzzTests.seed + max(FuzzTests.runs / 5, 1)) {
            var generator = TemplateGenerator(seed: seed)
            let text = generator.path()
            let started = ContinuousClock.now
            do throws(TemplateFailure) {
                let path = try JSONPath(parsing: text)
                let (first, second) = (try path.evaluate(on: value), try path.evaluate(on: value))
                #expect(first == second, "seed \(seed): \(text)")
            } catch {
                #expect(error.line == 1 && error.column >= 1, "seed \(seed): \(text)")
            }
            #expect(ContinuousClock.now - started < .seconds(20), "seed \(seed): \(text)")
        }
    }
}

/// Grows templates of loops over calls of methods on values of all kinds.
struct TemplateGenerator {
    private var generator: SeededGenerator
    private var depth = 0

    static let body: String = {
        let list = (0..<200).map { "{\"a\":\($0),\"b\":[\($0),{\"c\":\"x\($0)é\"}],\"d\":\($0).50}" }.joined(
            separator: ",")
        let long = String(repeating: "ab ", count: 5_000)
        let deep = String(repeating: "{\"a\":[", count: 80) + String(repeating: "]}", count: 80)
        return
            "{\"list\":[\(list)],\"long\":\"\(long)\",\"deep\":\(deep),\"n\":\(String(repeating: "9", count: 4_000)),\"z\":null}"
    }()

    init(seed: Int) { generator = SeededGenerator(seed: seed &+ 7) }

    private mutating func one(of texts: [String]) -> String {
        texts[Int.random(in: 0..<texts.count, using: &generator)]
    }
    private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &generator) == 0 }

    mutating func template() -> String {
        let head = """
            #macro(m $p $q)#set($p = "$p$q")$!bodyContent$p#end#define($block)$v.size()$w#end\
            #set($v = $input.path('$.list'))#set($w = $input.path('$.long'))#set($x = $input.path('$'))#set($y = {'a': [1..9]})
            """.filter { $0 != "\n" }
        return head + (0..<Int.random(in: 1...5, using: &generator)).map { _ in statement() }.joined()
    }

    private mutating func statement() -> String {
        depth += 1
        defer { depth -= 1 }
        let kind = Int.random(in: 0..<(depth > 4 ? 4 : 10), using: &generator)
        switch kind {
        case 0: return "#set(\(variable()) = \(expression()))"
        case 1: return "#set(\(variable()).k = \(expression()))"
        case 2: return expression(isPrinted: true)
        case 3:
            return one(of: [
                "$block", "text ", "#break", "#stop", "$foreach.count", "#break($foreach.parent)", "${w}", "$!x.z",
            ])
        case 4, 5, 6: return "#foreach($e in \(expression()))\(statement())\(statement())#end"
        case 7: return "#if(\(expression()))\(statement())#elseif(\(expression()))\(statement())#else\(statement())#end"
        case 8: return "#m(\(variable()) \(operand()))"
        default: return "#@m(\(variable()) \(operand()))\(statement())#end"
        }
    }

    private mutating func variable() -> String { one(of: ["$v", "$w", "$x", "$y", "$e", "$u"]) }

    private mutating func operand() -> String {
        one(of: [
            "$v", "$w", "$x", "$y", "$e", "$u", "1", "-3", "0", "2.5", "'a'", "'b+'", "''", "\"$w$w\"", "true", "null",
            "$x.n", "$block",
            "[1..1000]", "[$v, $w]", "{'k': $y}", "'(a|b)*c'", "9223372036854775807", "$context.requestOverride.header",
            "$input.body",
        ])
    }

    private mutating func expression(isPrinted: Bool = false) -> String {
        depth += 1
        defer { depth -= 1 }
        if !isPrinted {
            if depth > 6 || chance(3) { return operand() }
            if chance(4) {
                return
                    "\(expression()) \(one(of: ["+", "-", "*", "/", "%", "==", "<", "&&", "||", "ne"])) \(expression())"
            }
            if chance(8) { return "[\(expression()), \(expression())]" }
        }
        if chance(4) {
            return "$input.\(one(of: ["path", "json"]))('\(path().replacingOccurrences(of: "'", with: "\""))')"
        }
        let arguments = (0..<Int.random(in: 0...2, using: &generator)).map { _ in depth > 4 ? operand() : expression() }
        let name =
            chance(6)
            ? one(of: ["escapeJavaScript", "urlEncode", "base64Encode", "parseJson"])
            : Self.methods.randomElement(using: &generator) ?? "size"
        let owner = Self.utilities.contains(name) ? "$util" : variable()
        return "\(owner).\(name)(\(arguments.joined(separator: ", ")))"
    }

    private static let utilities = ["escapeJavaScript", "urlEncode", "base64Encode", "parseJson"]
    private static let methods = [
        "size", "add", "addAll", "get", "set", "remove", "removeAll", "retainAll", "contains", "indexOf", "lastIndexOf",
        "subList", "iterator",
        "next", "put", "putAll", "keySet", "values", "entrySet", "getOrDefault", "containsValue", "hashCode", "equals",
        "toString", "length",
        "substring", "replace", "replaceAll", "replaceFirst", "matches", "split", "concat", "repeat", "toUpperCase",
        "trim", "toCharArray",
        "getBytes", "compareTo", "startsWith", "join", "intValue", "doubleValue", "parseInt", "max", "sum", "clear",
        "codePointAt",
    ]

    mutating func path() -> String {
        "$" + (0..<Int.random(in: 0...5, using: &generator)).map { _ in segment() }.joined()
            + (chance(4)
                ? one(of: [
                    ".length()", ".sum()", ".keys()", ".first()", ".append(1)", ".concat($.long)", ".max($.list)",
                ]) : "")
    }

    private mutating func segment() -> String {
        depth += 1
        defer { depth -= 1 }
        switch Int.random(in: 0..<(depth > 3 ? 8 : 10), using: &generator) {
        case 0: return ".list"
        case 1: return "..*"
        case 2: return ".*"
        case 3: return one(of: ["..a", "..b", ".deep", ".long", "..['a','b']", "['a','d']"])
        case 4: return one(of: ["[0]", "[-1]", "[0,1]", "[*]", "[1:]", "[:-1]", "[-3:9]", "[-9999999999:1]"])
        case 5: return one(of: [".a", ".b", ".c", ".d", ".n", ".z"])
        default: return "[?(\(condition()))]"
        }
    }

    private mutating func condition() -> String {
        depth += 1
        defer { depth -= 1 }
        if depth < 6, chance(3) { return "\(condition()) \(one(of: ["&&", "||"])) \(condition())" }
        if depth < 6, chance(6) { return "!(\(condition()))" }
        let left =
            depth < 6 && chance(4)
            ? "$\(segment())" : one(of: ["@.a", "@.b", "@", "@..c", "$.long", "$.n", "$.list", "@.d"])
        if chance(5) { return left }
        if chance(5) { return "\(left) =~ /\(one(of: ["(a|b)*c", ".*x.*", "(\\\\w+\\\\s?)+z", "[a-z ]+"]))/i" }
        let comparison = one(of: [
            "==", "!=", "<", ">=", "in", "nin", "anyof", "noneof", "subsetof", "all", "contains", "size", "empty",
            "===",
        ])
        return
            "\(left) \(comparison) \(one(of: ["1", "'x1'", "$.list", "@.b", "[1, 'a', null]", "{'c': 1}", "$..c", "true", "$.n", "$.long"]))"
    }
}
