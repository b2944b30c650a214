import Testing

@testable import DataPlane

@Suite("Selection patterns")
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
        #expect(try SelectionPattern(parsing: pattern).matchesWhole(text) == expected)
    }

    @Test(
        "what is no pattern, or needs more than this engine has, is refused",
        arguments: [
            "(", ")", "a)", "[a", "*a", "a{2,1}", "a{", "a{x}", "\\", "(?=a)", "(?<n>a)", "\\1", "\\b", "a++", "[z-a]",
            "[[a]]", "a{1000}{1000}", "((((a{99}){99}){99}){99})", "((){999}){999}", String(repeating: "(", count: 60),
            String(repeating: "a", count: Limits.patternBytesMax + 1),
        ])
    func refused(_ pattern: String) {
        #expect(throws: PatternParser.Malformed.self) { try SelectionPattern(parsing: pattern) }
    }

    @Test("no text makes a pattern slow: the work is bounded by text times pattern")
    func bounded() throws {
        let text = String(repeating: "a", count: Limits.patternSubjectBytesMax)
        for pattern in ["(a+)+b", "(a|aa)+b", "(a|a)*b", "(.*)*x", "(a?){50}b"] {
            #expect(try !SelectionPattern(parsing: pattern).matchesWhole(text))
        }
        #expect(try !SelectionPattern(parsing: "a*").matchesWhole(text + "a"))
    }

    @Test("patterns by seed never harm the compiler", arguments: 0..<200)
    func fuzz(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        let pieces = Array("ab()[]{}*+?|\\.^$-,19 ")
        let text = String((0..<(random.next() % 30)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] })
        do {
            _ = try SelectionPattern(parsing: text).matchesWhole("abab")
        } catch {
            #expect(!error.reason.isEmpty)
        }
    }
}
