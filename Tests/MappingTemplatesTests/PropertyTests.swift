import JSON
import MappingTemplates
import Seeds
import Testing

struct PropertyTests {
    @Test("text without `$` and `#` renders to itself", arguments: 0..<200)
    func plainText(_ seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ab {}[]()\"'\\\n\r\t.!,é漢😀0:;=<>&|%*+-/@^~`?_".unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...300, using: &generator) {
            text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
        }
        #expect(try render(String(text)) == String(text))
    }

    private static let pieces = [
        "$", "#", "{", "}", "(", ")", "[", "]", "\"", "'", "\\", "!", ".", ",", " ", "\n", "a", "foo", "$a", "${a",
        "$!{a}",
        "#set(", "#set($a = ", "#if(", "#if($a)", "#elseif(", "#else", "#{else}", "#end", "#{end}", "#foreach(",
        "#foreach($a in [1..3])", " in ", "#define($a)", "#break", "#stop", "##", "#*", "*#", "#[[", "]]#", "==", "&&",
        "and",
        "not", "-", "1", "..", "2.5", "9999999999999999999", "true", "null", "{'k':1}", ".size()", ".put('a', $a)",
        ".get(", "$input", ".path('$.a')", ".json(\"$..x\")", ".params()", "$util", ".parseJson('{', ", ".substring(2)",
        "$context", ".requestOverride", ".header", ".replaceAll('a+', '$1')", ".matches('(a*)*b')", "é", "😀", "\u{0}",
    ]

    @Test("any text renders or fails with a place", arguments: 0..<300)
    func anyText(_ seed: Int) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            var text = ""
            for _ in 0..<Int.random(in: 1...25, using: &generator) {
                text += Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &generator)]
            }
            guard let failure = failure(text, body: #"{"a": [1, {"x": "y"}]}"#) else { continue }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect((1...lines.count).contains(failure.line), "\(text)")
            #expect(failure.column >= 1, "\(text)")
            #expect(!failure.message.isEmpty)
        }
    }

    @Test("any pattern matches, or is refused, and ends", arguments: 0..<200)
    func anyPattern(_ seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("ab()[]{}*+?|^.,1-&:=!<>\\dwsbQEkpL")
        for _ in 0..<30 {
            let pattern = String(
                (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                })
            let limits = TemplateLimits(regexStepsMax: 20_000)
            let failure = failure("$util.urlEncode('aabba1 b').replaceAll('\(pattern)', 'x')", limits: limits)
            let allowed: [TemplateFailure.Code?] = [nil, .badPattern, .patternTooSlow, .tooLarge, .syntax, .tooDeep]
            #expect(allowed.contains(failure?.code), "\(pattern)")
        }
    }

    @Test("any path is read or refused with a place", arguments: 0..<200)
    func anyPath(_ seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "$", "@", ".", "..", "a", "b", "*", "[", "]", "'a'", "\"b\"", "0", "-1", ":", ",", "?(", ")", "@.a", "==",
            "<",
            "&&", "||", "!", "=~", "/x/i", " ", "length()", "sum()", "in", "[1,2]", "true", "'", "\\", "é",
        ]
        for _ in 0..<30 {
            let text = (0..<Int.random(in: 1...10, using: &generator))
                .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
            do throws(TemplateFailure) {
                _ = try JSONPath(parsing: text).evaluate(on: ["a": [1, ["b": "x"]], "b": ["a": 2]])
            } catch {
                #expect(
                    error.line == 1 && error.column >= 1 && error.column <= text.unicodeScalars.count + 1, "\(text)")
            }
        }
    }
}
