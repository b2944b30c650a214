import MappingTemplates
import Testing

struct PatternTests {
    @Test(
        "patterns match whole texts as Java's do",
        arguments: [
            ("abc", "abc", true), ("abc", "abcd", false), ("", "", true), ("a|ab", "ab", true),
            ("(?i)AbC", "aBc", true), ("a.c", "a\nc", false),
            ("(?s)a.c", "a\nc", true), ("[^a-c]+", "xyz", true), ("[a-z&&[^aeiou]]+", "xyz", true),
            ("[a-z&&[^aeiou]]+", "xaz", false), ("\\d{2,3}", "1234", false),
            ("\\w+@\\w+\\.com", "me@here.com", true), ("(a)(b)\\2\\1", "abba", true), ("(?<x>a)\\k<x>", "aa", true),
            ("a(?=b)b", "ab", true), ("a(?!b).", "ab", false),
            ("ab(?<=ab)c", "abc", true), ("ab(?<!ab)c", "abc", false), ("\\bfoo\\b", "foo", true),
            ("(?>a*)ab", "aaab", false), ("a*+b", "aaab", true),
            ("a++a", "aaa", false), ("(a*)*", "aaa", true), ("(a|b)*?c", "abac", true), ("\\Qa.b\\E", "a.b", true),
            ("\\Qa.b\\E", "axb", false), ("\\u0041\\x42", "AB", true),
            ("\\p{Lu}\\p{L}+", "Éa", true), ("[\\]\\-x]+", "]-x", true), ("[]a]+", "]a", true), ("^a$", "a", true),
            ("(?m)a$\n^b", "a\nb", true), ("\\s+\\S", " \t\nx", true),
            ("(?:ab){2}", "abab", true), ("x{0}y", "y", true), ("(?x) a b # c", "ab", true), ("😀.", "😀é", true),
            ("[\\d\\s]*", "1 2", true), ("a?b?c?", "ac", true),
        ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        let template = "#set($p = $input.path('$.p'))#set($t = $input.path('$.t'))$t.matches($p)"
        func quoted(_ text: String) -> String {
            text.unicodeScalars.map {
                $0.value < 0x20 || $0 == "\\" || $0 == "\""
                    ? "\\u00" + ($0.value < 16 ? "0" : "") + String($0.value, radix: 16) : String($0)
            }.joined()
        }
        let body = "{\"p\": \"\(quoted(pattern))\", \"t\": \"\(quoted(text))\"}"
        #expect(try render(template, body: body) == "\(expected)")
    }

    @Test(
        "replacing and splitting are Java's",
        arguments: [
            ("$t.replaceAll('b*', '-')", "-a--c-"), ("$t.replaceAll('(?<x>b)', '[${x}]')", "a[b]c"),
            ("$t.replaceAll('', '.')", ".a.b.c."), ("$t.split('').size()", "3"),
            ("#set($u = ',a,,b,,')$u.split(',').size()", "4"), ("#set($u = ',a,,b,,')$u.split(',', -1).size()", "6"),
            ("#set($u = 'a,b,c')$u.split(',', 2)[1]", "b,c"),
            ("#set($u = '')$u.split(',').size()", "1"), ("#set($u = ',')$u.split(',').size()", "0"),
            ("#set($u = 'a.b')$u.split('\\.')[1]", "b"), ("$t.split('x')[0]", "abc"),
            ("#set($u = \"it\\'s\")$u.replaceAll(\"\\\\'\", \"'\")", "it's"),
            ("$t.replaceAll('(a)(b)(c)', '$3$2$1$0')", "cbaabc"), ("$t.replaceFirst('[bc]', '')", "ac"),
        ])
    func replacing(_ template: String, _ expected: String) throws {
        #expect(try render("#set($t = 'abc')" + template) == expected)
    }

    @Test(
        "a pattern that cannot be read is refused",
        arguments: [
            "(", ")", "[", "a**", "*a", "a{2", "a{3,1}", "\\", "(?<1>a)", "(?z)", "\\k<x>", "\\2(a)", "[z-a]",
            "\\p{Foo}", "a{99999}", "\\y", "{2}", "(?<x>a)(?<x>b)",
        ])
    func refused(_ pattern: String) {
        #expect(failure("#set($t = 'abc')$t.matches('\(pattern)')")?.code == .badPattern)
    }

    @Test(
        "patterns that explode are given up, and do not hang", .timeLimit(.minutes(1)),
        arguments: [
            "(a+)+b", "(a|a)*b", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)b", "(?=(a+)+b)a", "(a?){50}a{50}b",
            "(?<=(a+)+b)c",
        ])
    func explosions(_ pattern: String) {
        let text = String(repeating: "a", count: 3_000)
        let limits = TemplateLimits(regexStepsMax: 1_000_000)
        let code = failure("#set($t = '\(text)')$t.replaceAll('\(pattern)', 'x')", limits: limits)?.code
        #expect(code == .patternTooSlow)
    }

    @Test("patterns that are too big are refused", arguments: ["((a{100}){100}){100}", "((?:){10000}){10000}"])
    func tooBig(_ pattern: String) {
        #expect(failure("#set($t = 'a')$t.matches('\(pattern)')")?.code == .tooLarge)
    }

    @Test("groups too deep are refused")
    func tooDeep() {
        let pattern = String(repeating: "(", count: 3_000)
        #expect(failure("#set($t = 'a')$t.matches('\(pattern)')")?.code == .tooDeep)
        let sets = String(repeating: "[", count: 3_000)
        #expect(failure("#set($t = 'a')$t.matches('\(sets)')")?.code == .badPattern)
    }

    @Test("a plain text of 200 KB is replaced within the budget", .timeLimit(.minutes(1)))
    func large() throws {
        let text = String(repeating: "abc'd ", count: 35_000)
        let result = try render("$input.body.replaceAll(\"'\", 'x').replaceAll('[a-c]+', 'y').length()", body: text)
        #expect(result == "\(4 * 35_000)")
    }
}
