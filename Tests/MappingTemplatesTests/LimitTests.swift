import Diagnostics
import JSON
import MappingTemplates
import Testing

struct LimitTests {
    @Test("a template above 300 KiB is refused, one of exactly that size is not")
    func templateSize() throws {
        let text = String(repeating: "a", count: TemplateLimits.templateBytesMax)
        #expect(try render(text) == text)
        #expect(failure(text + "a")?.code == .tooLarge)
    }

    @Test("a loop ends after 1000 turns, and its last turn knows")
    func loopTurns() throws {
        let text = try render("#foreach($i in [1..5000])#if(!$foreach.hasNext)$i/$foreach.last#end#end")
        #expect(text == "1000/true")
    }

    @Test("loops in loops run out of steps", .timeLimit(.minutes(1)))
    func steps() {
        let loop = "#foreach($a in [1..1000])"
        let nested = loop + loop + loop + "x#end#end#end"
        #expect(failure(nested, limits: TemplateLimits(stepsMax: 50_000))?.code == .tooMuchWork)
        #expect(failure("#foreach($i in [1..9])#end", limits: TemplateLimits(stepsMax: 5))?.code == .tooMuchWork)
    }

    @Test(
        "text that doubles stops at the limit, printed or not",
        arguments: [
            "#set($s = 'ab')#foreach($i in [1..40])#set($s = \"$s$s\")#end",
            "#set($s = 'ab')#foreach($i in [1..40])#set($s = $s + $s)#end",
            "#set($s = 'ab')#foreach($i in [1..40])#set($s = $s.concat($s))#end",
            "#set($s = 'ab')#set($s = $s.repeat(99999999))",
            "#set($s = 'ab')#foreach($i in [1..40])#set($s = $s.replace('a', $s))#end",
            "#set($l = [1])#foreach($i in [1..40])#set($l = [$l, $l])#end$l",
            "#set($s = 'ab')#foreach($i in [1..40])#set($s = $s.replaceAll('b', $s))#end",
            "#set($s = 'ab')$s.repeat(9223372036854775807)",
            "#set($l = [1])#foreach($i in [1..40])#set($l = [$l, $l])#end#set($context.x = $l)",
            "#foreach($i in [1..1000])aaaaaaaaaa#end",
        ])
    func outputSize(_ template: String) {
        let code = failure(template, limits: TemplateLimits(outputBytesMax: 5_000))?.code
        #expect(code == .outputTooLarge || code == .tooMuchWork || template.contains("$context"))
    }

    @Test("sharing in the context cannot blow it up")
    func contextSize() {
        let found = failure("#set($l = [1])#foreach($i in [1..40])#set($l = [$l, $l])#end#set($context.x = $l)")
        #expect(found?.code == .tooMuchWork)
    }

    @Test(
        "a list or map that contains itself is refused where it is used",
        arguments: [
            "$l", "#if($l == $k)#end", "#set($context.x = $l)", "$l.toString()", "$m", "#set($context.y = $m)",
            "#if($m.equals($n))#end",
        ])
    func cycles(_ use: String) {
        let template = """
            #set($l = [1])#set($ignore = $l.add($l))#set($k = [1])#set($ignore = $k.add($k))
            #set($m = {})#set($m.m = $m)#set($n = {})#set($n.m = $n)
            """
        #expect(failure(template + use)?.code == .tooDeep)
        #expect(failure(template) == nil)
    }

    @Test(
        "nesting is bounded when parsing",
        arguments: [
            String(repeating: "#if(true)", count: 5_000), "#set($a = " + String(repeating: "(", count: 5_000),
            "#set($a = " + String(repeating: "[", count: 5_000), "#set($a = " + String(repeating: "!", count: 5_000),
            String(repeating: "$a[", count: 5_000), String(repeating: "$a.get(", count: 5_000),
            "#set($a = " + String(repeating: "-", count: 5_000),
            "#set($a = " + String(repeating: "{1:", count: 5_000),
        ])
    func nesting(_ template: String) { #expect(failure(template)?.code == .tooDeep) }

    @Test("a chain of elseif and a long sum are no nesting")
    func chains() throws {
        let arms = String(repeating: "#elseif(false)a", count: 3_000)
        #expect(try render("#if(false)" + arms + "#else b#end") == " b")
        let count = TemplateLimits.operatorsMax
        #expect(try render("#set($a = 0" + String(repeating: " + 1", count: count) + ")$a") == "\(count)")
        #expect(try render("#set($a = false" + String(repeating: " || false", count: count) + ")$a") == "false")
        #expect(failure("#set($a = 0" + String(repeating: " + 1", count: count + 1) + ")")?.code == .tooDeep)
    }

    @Test("blocks that print each other end")
    func blocks() {
        #expect(failure("#define($a)$a#end$a")?.code == .tooDeep)
        #expect(failure("#define($a)$b#end#define($b)x$a#end$a")?.code == .tooDeep)
        #expect(failure("#define($a)#set($x = \"$a\")#end$a")?.code == .tooDeep)
    }

    @Test("ranges and lists are bounded")
    func elements() {
        #expect(failure("#set($l = [1..9999999])")?.code == .tooMuchWork)
        #expect(failure("#set($l = [-9223372036854775807..9223372036854775807])")?.code == .tooMuchWork)
        let limits = TemplateLimits(elementsMax: 4)
        #expect(
            failure("#set($l = [])#foreach($i in [1, 2, 3, 4, 5])$l.add($i)#end", limits: limits)?.code == .tooMuchWork)
        #expect(
            failure("#set($m = {})#foreach($i in [1, 2, 3, 4, 5])#set($m[$i] = 1)#end", limits: limits)?.code
                == .tooMuchWork)
    }

    @Test("a body nested too deep or too large is refused")
    func bodies() {
        let deep = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
        #expect(failure("$input.path('$')", body: deep)?.code == .bodyNotJSON)
        let limits = TemplateLimits(outputBytesMax: 10)
        #expect(failure("$input.path('$.x')", body: "[1, 2, 3, 4, 5]", limits: limits)?.code == .bodyNotJSON)
    }

    @Test("every code is explained", arguments: TemplateFailure.Code.allCases)
    func explained(_ code: TemplateFailure.Code) {
        #expect(code.rawValue.hasPrefix("template."))
        #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.isEmpty)
    }

    @Test(
        "the most costly templates end within the time, and say why", .timeLimit(.minutes(1)),
        arguments: [
            "#foreach($a in [1..1000])#foreach($b in [1..1000])#set($x = $input.json('$..*'))#end#end",
            "#foreach($a in [1..1000])#foreach($b in [1..1000])#set($x = $input.path('$..[?(@.a > 1)]'))#end#end",
            "#foreach($a in [1..1000])#set($x = $input.body.replaceAll('(a|b|.)*?,', 'x'))#end",
            "$input.path('$.list[?($.list anyof $.list2)]')", "$input.path('$.list[?($.list == $.list2)]')",
            "#foreach($a in [1..1000])#set($x = $input.path('$.list[?($.list.sum() > 1)]'))#end",
        ])
    func time(_ template: String) {
        let list = (0..<3_000).map { "{\"a\":\($0)}" }.joined(separator: ",")
        let body = "{\"list\":[\(list)],\"list2\":[\(list),1]}"
        let limits = TemplateLimits(millisecondsMax: 500)
        let elapsed = ContinuousClock().measure {
            #expect(failure(template, body: body, limits: limits)?.code == .tooMuchWork)
        }
        #expect(elapsed < .seconds(30))
    }

    @Test("long texts are looked for in long texts in no time", .timeLimit(.minutes(1)))
    func searches() throws {
        let prefix = "#set($a = 'a')#set($t = $a.repeat(400000))#set($w = $a.repeat(200000).concat('b'))"
        #expect(try render(prefix + "$t.contains($w) $t.indexOf($w) $t.lastIndexOf($w)") == "false -1 -1")
        #expect(try render(prefix + "$t.replace($w, 'x').length()") == "400000")
        #expect(
            try render("#set($t = 'abcabc漢abc')$t.lastIndexOf('abc') $t.indexOf('abc', 1) $t.lastIndexOf('')")
                == "7 3 10")
    }
}
