import Seeds
import Testing

@testable import RequestModels

@Suite("Patterns")
struct PatternTests {
    @Test(
        "a pattern matches the whole text or not at all",
        arguments: [
            ("404", "404", true), ("404", "4040", false), ("40", "404", false), ("4\\d{2}", "451", true),
            ("4\\d{2}", "45", false), ("[45]\\d\\d", "503", true), ("[^45]..", "503", false), (".*", "", true),
            (".+", "", false), (".*four hundred.*", "it is four hundred and two", true), ("a|b|", "", true),
            ("(a|b)*c", "ababc", true), ("^abc$", "abc", true), ("a^b", "ab", false), ("a{2,3}", "aaaa", false),
            ("a{2,}", "aaaa", true), ("a{0}", "", true), (".*", "a\nb", false), ("(\\n|.)+", "a\nb", true),
            ("(?s).*", "a\nb", true), ("(?i)TimeOut", "timeOUT", true), ("(?:ab)?c", "c", true), ("\\.\\*", ".*", true),
            ("[\\w-]+", "a-b_9", true), ("[]a]+", "]a", true), ("é+", "éé", true), ("a*?b", "aab", true),
            ("\\S+\\s\\S+", "a b", true), ("(|a)+", "aaa", true), ("((a*)*)*b", "aaab", true),
        ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try TextPattern(parsing: pattern, dialect: .selection).matchesWhole(text) == expected)
    }

    @Test(
        "what is no pattern, or needs more than this engine has, is refused",
        arguments: [
            "(", ")", "a)", "[a", "*a", "a{2,1}", "a{", "a{x}", "\\", "(?=a)", "(?<n>a)", "\\1", "\\b", "a++", "[z-a]",
            "[[a]]", "a{1000}{1000}", "((((a{99}){99}){99}){99})", "((){999}){999}", String(repeating: "(", count: 60),
            String(repeating: "a", count: ModelLimits.patternBytesMax + 1),
        ])
    func refused(_ pattern: String) {
        #expect(throws: PatternMalformed.self) { try TextPattern(parsing: pattern, dialect: .selection) }
    }

    @Test("no text makes a pattern slow: the work is bounded by text times pattern")
    func bounded() throws {
        let text = String(repeating: "a", count: ModelLimits.patternSubjectBytesMax)
        for pattern in ["(a+)+b", "(a|aa)+b", "(a|a)*b", "(.*)*x", "(a?){50}b"] {
            #expect(try !TextPattern(parsing: pattern, dialect: .selection).matchesWhole(text))
        }
        #expect(try !TextPattern(parsing: "a*", dialect: .selection).matchesWhole(text + "a"))
    }

    @Test("patterns by seed never harm the compiler", arguments: 0..<200)
    func fuzz(_ seed: UInt64) {
        let dialect: PatternDialect = seed % 2 == 0 ? .selection : .schema
        var random = SeededGenerator(seed: seed)
        let pieces = Array("ab()[]{}*+?|\\.^$-,19 ")
        let text = String((0..<(random.next() % 30)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] })
        do {
            _ = try TextPattern(parsing: text, dialect: dialect).matchesWhole("abab")
        } catch {
            #expect(!error.reason.isEmpty)
        }
    }
}

extension PatternTests {
    @Test(
        "a schema's pattern is found anywhere, by the rules of ECMA 262",
        arguments: [
            ("a+", "xxaayy", true), ("^a*$", "abc", false), ("^\\cC$", "\u{03}", true), ("^\\s$", "\u{FEFF}", true),
            ("^\\S$", "\u{2029}", false), ("\\bcat\\b", "a cat sat", true), ("\\bcat\\b", "concat", false),
            ("\\Bcat", "concat", true), ("^(?=.*[a-z])(?=.*\\d).{4,}$", "abc1", true),
            ("^(?=.*[a-z])(?=.*\\d).{4,}$", "abcd", false), ("^(?!admin)", "admin1", false),
            ("^(?!admin)", "user", true), ("^\\p{digit}+$", "42", true), ("^\\p{Lu}", "É", true), ("a{", "a{", true),
            ("^{x}$", "{x}", true), ("[^\\d\\s]", "1 2", false), ("[\\D]", "12", false), ("^[\\s\\S]*$", "a\nb", true),
            ("^\\u0041\\x42$", "AB", true), ("^\\ud83d\\udc32$", "🐲", true), ("^[]$", "]", false),
            ("^[a-z0-9._-]+@[a-z]+$", "a.b@c", true), ("^\\/x\\-y$", "/x-y", true), ("^.$", "\n", false),
        ])
    func found(_ pattern: String, _ text: String, _ expected: Bool) throws {
        var budget = StepBudget(steps: 1_000_000, milliseconds: 10_000)
        #expect(try TextPattern(parsing: pattern, dialect: .schema).isFound(in: text, budget: &budget) == expected)
    }

    @Test(
        "what a schema's pattern may not have is refused",
        arguments: ["(a)\\1", "(?<=a)b", "\\p{Nothing}", "\\u12", "[z-a]", "(", "a**b(", "\\"])
    func refusedInSchemas(_ pattern: String) {
        #expect(throws: PatternMalformed.self) { try TextPattern(parsing: pattern, dialect: .schema) }
    }

    @Test("a pattern that looks ahead from everywhere ends with its steps")
    func steps() throws {
        var budget = StepBudget(steps: 100_000, milliseconds: 10_000)
        let text = String(repeating: "a", count: ModelLimits.patternSubjectBytesMax)
        #expect(try TextPattern(parsing: "(?=a*b)", dialect: .schema).isFound(in: text, budget: &budget) == nil)
        #expect(budget.steps <= 0)
    }
}
