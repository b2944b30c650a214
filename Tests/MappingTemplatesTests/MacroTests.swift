import MappingTemplates
import Testing

struct MacroTests {
    @Test(
        "a macro prints its body with the arguments given",
        arguments: [
            ("#macro(hi $n)hi $n!#end#hi('Rex')#hi(\"$input.path('$.a')\")", "hi Rex!hi 1!"),
            ("#macro(two $a $b)$a/$b #end#two(1 2)#two('x', 'y')", "1/2 x/y "),
            ("#macro(two $a $b)$a/$!b #end#{two}(3)", "3/ "),
            ("#macro(none)\nx\n#end\na#none()\nb", "ax\nb"),
            ("#set($n = 7)#macro(m $n)$n#end#m(1)$n", "17"),
            ("#macro(m $l)#foreach($i in $l)#if($i == 3)#break#end$i#end;#end#m([1..5])#m([2])", "12;2;"),
            ("#macro(down $n)$n#if($n > 0)#set($m = $n - 1)#down($m)#end#end#down(3)", "3210"),
            ("#m(1)#macro(m $a)$a#end #m #{m #m(2)", "#m(1) #m #{m 2"),
            ("#macro(m)a#stop b#end#m()c", "a"),
        ])
    func calls(_ template: String, _ expected: String) throws {
        let text = try render(template, body: #"{"a": 1}"#)
        #expect(text == expected)
    }

    @Test("a macro that calls itself for ever is refused")
    func endless() {
        #expect(failure("#macro(m)#m()#end#m()")?.code == .tooDeep)
        let wide = "#macro(m $n)#if($n > 0)#set($k = $n - 1)#m($k)#set($k = $n - 1)#m($k)#end#end#m(60)"
        #expect(failure(wide, limits: TemplateLimits(stepsMax: 100_000))?.code == .tooMuchWork)
    }
}
