import MappingTemplates
import Testing

/// `#break`, `#stop` and macros, in and out of one another.
struct ControlFlowTests {
    private static let loops = "#foreach($i in [1, 2])#foreach($j in [1, 2, 3])"

    @Test(
        "a break leaves what it names",
        arguments: [
            ("#if($j == 2)#break#end$i$j #end#end|", "11 21 |"),
            ("#if($j == 2)#break($foreach)#end$i$j #end#end|", "11 21 |"),
            ("#if($j == 2)#break($foreach.parent)#end$i$j #end#end|", "11 |"),
            ("#if($j == 2)#break($foreach.topmost)#end$i$j #end#end|", "11 |"),
            ("#if($j == 2)#break($foreach.parent.parent.parent)#end$i$j #end#end|", "11 |"),
            ("#if($j == 2)#break($template)#end$i$j #end#end|", "11 "),
            ("#if($j == 2)#break()#end$i$j #end#end|", "11 21 |"),
            ("$foreach.topmost.index$foreach.parent.count$foreach.count #end#end", "011 012 013 121 122 123 "),
            ("$foreach.topmost.hasNext#end#end", "truetruetruefalsefalsefalse"),
        ])
    func breaks(_ body: String, _ expected: String) throws { #expect(try render(Self.loops + body) == expected) }

    @Test(
        "a break of what is no loop is refused",
        arguments: ["$x", "1", "$foreach.count", "$foreach.parent, 1", "$macro"])
    func unknownScope(_ scope: String) {
        #expect(failure("#foreach($i in [1])#break(\(scope))#end")?.code == .syntax)
    }

    @Test(
        "a stop ends the template from wherever it stands",
        arguments: [
            ("a#define($d)b#stop c#end$d d", "ab"), ("a#set($x = \"b#stop c\")$x", "a"), ("a#stop('why')b", "a"),
            ("#macro(m)a#stop#end#foreach($i in [1..3])#m()#end b", "a"), ("#if(true)a#stop#end b", "a"),
            ("#macro(m)a#break b#end#foreach($i in [1, 2])$i#m()c#end d", "1ac2ac d"),
            (
                "#macro(m)#foreach($j in [1, 2])$j#break($foreach.parent)#end#end#foreach($i in [1, 2])$i#m()c#end d",
                "11 d"
            ),
            ("a#break b", "a"),
        ])
    func stops(_ template: String, _ expected: String) throws { #expect(try render(template) == expected) }

    @Test(
        "a macro's parameter stands for the variable that it is given",
        arguments: [
            ("#macro(inc $x)#set($x = $x + 1)#end#set($n = 1)#inc($n)#inc($n)$n", "3"),
            ("#macro(inc $x)#set($x = $x + 1)$x#end#set($m = {'a': 1})#inc($m.a)$m.a#inc(5)", "216"),
            (
                "#macro(swap $a $b)#set($t = $a)#set($a = $b)#set($b = $t)#end#set($p = 1)#set($q = 2)#swap($p $q)$p$q",
                "21"
            ),
            ("#macro(put $m)#set($m.k = 1)#end#set($n = {})#put($n)$n", "{k=1}"),
            ("#macro(g)#set($made = 7)#end#g()$made", "7"),
            ("#macro(inc $n)#set($n = $n + 1)#end#set($n = 1)#inc($n)$n", "2"),
        ])
    func parameters(_ template: String, _ expected: String) throws { #expect(try render(template) == expected) }

    @Test(
        "a macro gets the block that stands behind its call",
        arguments: [
            ("#macro(b $t)<$t>$bodyContent</$t>#end#@b('i')x#if(true)y#end#end!", "<i>xy</i>!"),
            ("#macro(twice)$bodyContent$!{bodyContent}#end#set($n = 0)#@twice()#set($n = $n + 1)$n#end", "12"),
            ("#macro(b)[$!bodyContent]#end#b()#@{b}()c#end", "[][c]"), ("#@none()x", "#@none()x"), ("#@", "#@"),
            ("#macro(b)[$!bodyContent]#end#@b()1#@b()2#end 3#end", "[1[2] 3]"),
        ])
    func blocks(_ template: String, _ expected: String) throws { #expect(try render(template) == expected) }

    @Test("a block without end behind a call is refused, and one that prints itself ends")
    func badBlocks() {
        #expect(failure("#macro(b)$bodyContent#end#@b()x")?.code == .syntax)
        #expect(failure("#macro(b)$bodyContent#end#@b()#@b()$bodyContent#end#end")?.code == .tooDeep)
    }
}
