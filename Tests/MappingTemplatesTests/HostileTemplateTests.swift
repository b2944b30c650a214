import JSON
import MappingTemplates
import Testing

/// Templates, paths and patterns made to be slow or huge: each is refused by name, or ends, within its time.
///
/// A body of 1 MB and 300 milliseconds stand for 10 MB and a second. What is looked for is work that nothing counts:
/// it takes minutes where the clock is asked every few thousand steps.
@Suite("Hostile templates")
struct HostileTemplateTests {
    private static let limits = TemplateLimits(millisecondsMax: 300)
    private static let loops = "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])"
    private static let ends = "#end#end#end"

    /// Members that are long in one way each.
    private static let body: String = {
        let long = String(repeating: "a", count: 200_000)
        let digits = String(repeating: "7", count: 200_000)
        let accents = String(repeating: "é", count: 50_000)
        let list = (0..<2_000).map { "{\"id\":\($0),\"s\":\"\(String(repeating: "b", count: 100))\"}" }
        let many = (0..<5_000).map { "\"m\($0)\":\($0)" }
        return """
            {"long": "\(long)", "same": "\(long)", "digits": \(digits), "more": \(digits)8, "accents": "\(accents)",
             "list": [\(list.joined(separator: ","))], "many": {\(many.joined(separator: ","))}}
            """
    }()

    private static func outcome(_ template: String) -> (failure: TemplateFailure?, elapsed: Duration) {
        var found: TemplateFailure?
        let elapsed = ContinuousClock().measure { found = failure(template, body: body, limits: limits) }
        return (found, elapsed)
    }

    @Test(
        "work in loops is counted, whatever it is that is done there", .timeLimit(.minutes(2)),
        arguments: [
            "#set($x = \"$long\")", "#set($x = \"$long$long\")", "#if($long == $same)#end",
            "#if($long.equals($same))#end",
            "#set($x = $t.contains($long))", "#set($x = $t.indexOf($long))", "#set($x = $t.compareTo($long))",
            "#set($x = $m[$long])", "#set($x = $m.get($long))", "#set($m[$long] = 1)", "#set($x = $long.hashCode())",
            "#if($digits < $more)#end", "#if($digits == $more)#end", "#set($x = $digits + $more)",
            "#set($x = -$digits)",
            "#set($x = $digits.doubleValue())", "#set($x = $digits.compareTo($more))", "#set($x = $digits.hashCode())",
            "#set($x = \"$list\")", "#set($x = $list.toString())", "#set($x = $many.toString())",
            "#set($x = $many.values())",
            "#set($x = $many.entrySet())", "#foreach($e in $many)#break#end", "#set($x = $list.iterator())",
            "#set($x = $list.indexOf($t))", "#set($x = $list.hashCode())", "#set($x = $list.equals($other))",
            "#set($x = $accents.toUpperCase())", "#set($x = $accents.length())", "#set($x = $accents.substring(7))",
            "#set($x = $accents.toCharArray())", "#set($x = $long.getBytes())", "#set($x = $long.split(''))",
            "#set($x = $t.join($long, [1, 2, 3]))", "#set($x = $long.replace('a', 'bb'))",
            "#set($x = $long.matches('.*b'))",
            "#set($x = $t.matches('((a{20}){20}){20}'))", "#set($x = $input.json('$'))",
            "#set($x = $input.path('$..id.sum()'))",
            "#set($x = $input.path('$.list[?(@.s == $.long)]'))",
            "#set($x = $input.path('$.list[?($.long == $.same)]'))",
            "#set($x = $input.path('$.list[?($.digits < $.more)]'))",
            "#set($x = $input.path('$.list[?($.digits == $.more)]'))",
            "#set($x = $input.path('$.list[?($.long contains $.same)]'))",
            "#set($x = $input.path('$.list[?($.long =~ /.*b/)]'))",
            "#set($x = $input.path('$.list[?($.list.size() size 3)]'))", "#set($x = $input.path('$..*..*'))",
            "#set($x = $input.path('$.list[?([$.long] == 1)]'))", "#set($x = $util.parseJson($input.body))",
            "#set($x = $util.urlEncode($long))", "#set($x = $util.base64Encode($long))",
            "#set($x = $util.escapeJavaScript($accents))",
            "#set($x = $input.params('none'))", "#set($x = $input.params())",
            "#set($context.requestOverride.header.x = $long)",
            "#define($d)$long#end#set($x = \"$d\")", "#set($l = [])#set($ok = $l.addAll($list))", "#set($m.x = $m)",
        ])
    func loops(_ work: String) {
        let template = """
            #set($long = $input.path('$.long'))#set($same = $input.path('$.same'))#set($t = 'ab')#set($m = {})\
            #set($digits = $input.path('$.digits'))#set($more = $input.path('$.more'))#set($list = $input.path('$.list'))\
            #set($other = $input.path('$.list'))#set($many = $input.path('$.many'))#set($accents = $input.path('$.accents'))\
            \(Self.loops)\(work)\(Self.ends)
            """
        let (found, elapsed) = Self.outcome(template)
        let expected: [TemplateFailure.Code?] = [.tooMuchWork, .tooLarge, .badPath]
        #expect(expected.contains(found?.code), "\(String(describing: found))")
        // Twenty times the budget: a debug build on a busy machine, not work that nobody counts.
        #expect(elapsed < .seconds(6), "\(elapsed)")
    }

    @Test(
        "patterns that go back without end are given up", .timeLimit(.minutes(2)),
        arguments: [
            "(a+)+b", "(a|a)*b", "(a*)*b", "(a|aa)+b", "(.*)*b", "(a+)*\\1b", "(a*)\\1b", "(a*)a*a*a*a*b",
            "(?:a?){40}a{40}b",
            "(?=(a+)+b).*", "(?<=(a|aa)+)b", "(?>a*?)*b", "(a*?)*?b", "(.+)+(.+)+b", "((a*)*)*b", "(?i)(A+)+B",
            "([a-z]|[^b]|\\w)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y|(a+a+)+y", ".*.*.*.*.*b", "(.{1,50}){1,50}b",
        ])
    func patterns(_ pattern: String) {
        for call in ["$t.matches('\(pattern)')", "$t.replaceAll('\(pattern)', '')", "$t.split('\(pattern)')"] {
            let template = "#set($t = $input.path('$.long'))#set($x = \(call))"
            let (found, elapsed) = Self.outcome(template)
            let expected: [TemplateFailure.Code?] = [nil, .patternTooSlow, .tooMuchWork]
            #expect(expected.contains(found?.code), "\(String(describing: found))")
            #expect(elapsed < .seconds(6), "\(call): \(elapsed)")
        }
        let (found, elapsed) = Self.outcome("$input.path('$.list[?($.long =~ /\(pattern)/)]')")
        #expect(
            found == nil || found?.code == .patternTooSlow || found?.code == .tooMuchWork,
            "\(String(describing: found))")
        #expect(elapsed < .seconds(6), "\(elapsed)")
    }

    @Test("a pattern that leaves too many ways open is refused before they fill the memory")
    func choices() {
        let found = failure(
            "#set($a = 'ab')$a.repeat(3000000).replaceAll('(a|b)*c', '')",
            limits: TemplateLimits(regexStepsMax: .max, millisecondsMax: 600_000))
        #expect(found?.code == .patternTooSlow && found?.message.contains("ways open") == true)
        #expect(failure("#set($a = 'ab')$a.repeat(300000).matches('.*b')") == nil)
    }

    @Test(
        "lists and maps that hold one another in a long row are freed", .timeLimit(.minutes(2)),
        arguments: [
            "#set($l = [$l])", "#set($l = {'k': $l})",
            "#set($k = {'k': $l})#set($l = $k.entrySet())",
            "#set($k = {'k': $l})#set($l = $k.values())", "#set($k = [$l])#set($l = $k.subList(0, 1))",
            "#set($k = [])#set($ok = $k.add($l))#set($l = $k)", "#set($k = [$l])#set($l = $k.iterator())",
            "#set($k = {})#set($k.k = $l)#set($l = $k)", "#set($k = {})#set($ok = $k.putAll({'k': $l}))#set($l = $k)",
        ])
    func rows(_ work: String) {
        let loops = "#foreach($a in [1..200])#foreach($b in [1..1000])"
        let found = failure(
            "#set($l = [1])\(loops)\(work)#end#end", limits: TemplateLimits(millisecondsMax: 600_000))
        #expect(found == nil || found?.code == .tooMuchWork, "\(String(describing: found))")
    }

    @Test("texts that are cut into more pieces than a list may have are refused")
    func pieces() {
        let limits = TemplateLimits(elementsMax: 10)
        for call in ["split('')", "toCharArray()", "getBytes()", "split(',')"] {
            let found = failure("#set($t = 'a,b,c,d,e,f,g,h,i,j,k,l')#set($x = $t.\(call))", limits: limits)
            #expect(found?.code == .tooMuchWork, "\(call)")
        }
    }

    @Test(
        "macros that call each other or themselves end",
        arguments: [
            "#macro(m)#m()#end#m()", "#macro(m $n)#if($n < 900)#set($k = $n + 1)#m($k)#end#end#m(0)",
            "#macro(m)#define($d)#m()#end$d#end#m()", "#macro(m)#set($x = \"#m()\")#end#m()",
            "#macro(m)$bodyContent#end#@m()#@m()$bodyContent#end#end",
            "#macro(m)#foreach($i in [1..1000])#m()#end#end#m()", "#macro(m)#if($x)#m()#else#m()#end#end#m()",
        ])
    func macros(_ template: String) {
        #expect(failure(template)?.code == .tooDeep)
    }
}
