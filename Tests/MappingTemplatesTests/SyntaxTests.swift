import MappingTemplates
import Testing

struct SyntaxTests {
    @Test(
        "a slip is refused with its code, line and column",
        arguments: [
            ("a\n #if($x)", TemplateFailure.Code.syntax, 2, 2),
            ("#end", .syntax, 1, 1),
            ("#if(true)#else#else#end", .syntax, 1, 15),
            ("#foreach($x in [1])#else#end", .syntax, 1, 20),
            ("é #set($a = )", .syntax, 1, 13),
            ("#set($a + 1)", .syntax, 1, 9),
            ("#set(a = 1)", .syntax, 1, 6),
            ("#set($a.size() = 1)", .syntax, 1, 6),
            ("#set($foreach.index = 1)", .syntax, 1, 6),
            ("#if $x #end", .syntax, 1, 5),
            ("#if(1 == 2 3)#end", .syntax, 1, 12),
            ("#if(banana)#end", .syntax, 1, 5),
            ("#foreach($x of $y)#end", .syntax, 1, 13),
            ("#foreach(x in $y)#end", .syntax, 1, 10),
            ("#define(x)#end", .syntax, 1, 9),
            ("$a[1", .syntax, 1, 5),
            ("${a.b c}", .syntax, 1, 6),
            ("$a.get('x'", .syntax, 1, 11),
            ("#set($a = \"x)", .syntax, 1, 11),
            ("#set($a = {'k' 1})", .syntax, 1, 16),
            ("#set($a = [1 2])", .syntax, 1, 14),
            ("x #* never closed", .syntax, 1, 3),
            ("x #[[ never closed", .syntax, 1, 3),
            ("#set($a = \"in\n  ${b c}\")", .syntax, 2, 6),
            ("#parse('x')", .unsupportedDirective, 1, 1),
            (" #include('x')", .unsupportedDirective, 1, 2),
            ("#evaluate('x')", .unsupportedDirective, 1, 1),
            ("#macro()#end", .syntax, 1, 8),
            ("#macro(m $a", .syntax, 1, 12),
            ("#macro(m x)#end", .syntax, 1, 10),
            ("#macro(m)", .syntax, 1, 1),
            ("#macro(if)#end", .syntax, 1, 8),
            ("#macro(m)#end#macro(m)#end", .syntax, 1, 21),
            ("#macro(m $a)#end#m(1 2)", .syntax, 1, 17),
            ("#macro(m $a)#end#m(", .syntax, 1, 20),
            ("#{return}", .unsupportedDirective, 1, 1),
            ("$a.frobnicate()", .unknownMethod, 1, 4),
            ("$input.path('$[')", .badPath, 1, 12),
        ])
    func refused(_ template: String, _ code: TemplateFailure.Code, _ line: Int, _ column: Int) throws {
        do throws(TemplateFailure) {
            _ = try MappingTemplate(parsing: template)
            Issue.record("`\(template)` was accepted")
        } catch {
            #expect(error.code == code, "\(error)")
            #expect((error.line, error.column) == (line, column), "\(error)")
        }
    }

    @Test(
        "what only looks like a reference or a directive is text",
        arguments: [
            "$", "$5", "$.foo", "${}", "$ {a}", "#", "#foo", "#foo(1)", "# if", "#ifx(", "100%#", "a#b", "\\",
            "\\\\ \\# \\$", "$!", "#{if",
        ])
    func text(_ template: String) throws { #expect(try render(template) == template) }

    @Test(
        "references end where Velocity ends them",
        arguments: [
            ("$a.", "v."), ("$a..b", "v..b"), ("$a.5", "v.5"), ("${a}b", "vb"), ("$!{a}b", "vb"), ("$a$a", "vv"),
            ("$a-b", ""),
            ("$a!", "v!"), ("[$a]", "[v]"), ("$a(1)", "v(1)"), ("\"$a\"", "\"v\""), ("\\$a\\\\$a\\\\\\$a", "$a\\v\\$a"),
            ("\\${a.get($a)}", "${a.get($a)}"), ("$aé", "vé"),
        ])
    func ends(_ template: String, _ expected: String) throws {
        #expect(try render("#set($a = 'v')" + template) == expected)
    }

    @Test(
        "directives take line breaks and blanks away as the service does",
        arguments: [
            ("a\n#if(true)\nb\n#end\nc", "a\nb\nc"), ("#if(true) \t\r\nb#end", "b"), ("a #set($x = 1) b", "a  b"),
            ("#set($x = 1)  #set($y = 2)\nb", "b"), ("  #set($x = 1)\nb", "b"), ("a\n  #set($x = 1)\nb", "a\n  b"),
            ("$n #set($x = 1)b", "b"), ("a ## c\nb", "a b"), ("a#* x *#b", "ab"), ("#[[$a #if]]#", "$a #if"),
            ("#if(false)a#else\nb#end", "b"), ("#if(false)a#elseif(true) b#end", " b"), ("a##", "a"),
            ("#foreach($i in [1..3])\n$i\n#end", "1\n2\n3\n"),
        ])
    func blanks(_ template: String, _ expected: String) throws { #expect(try render(template) == expected) }

    @Test(
        "expressions bind and count as Velocity's",
        arguments: [
            ("1 + 2 * 3 - 4 / 2", "5"), ("(1 + 2) * 3", "9"), ("7 % 4", "3"), ("-7 / 2", "-3"), ("5 / 2", "2"),
            ("5 / 2.0", "2.5"),
            ("1 / 0", ""), ("1.5 % 0", ""), ("10000000.0 * 1", "1.0E7"), ("0.0001 + 0", "1.0E-4"),
            ("1.0E-5 * 25", "2.5E-4"),
            ("'a' + 1 + 'b'", "a1b"), ("1 + $nothing", ""),
            ("1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", "true"), ("'1' == 1", "true"), ("1 == 1.0", "true"),
            ("'a' != 'b'", "true"),
            ("'a' < 'b'", "false"), ("true == 'true'", "true"), ("!true || not false", "true"),
            ("false and true or true", "true"),
            ("1 eq 1 && 1 ne 2 && 1 lt 2 && 1 le 1 && 2 gt 1 && 2 ge 2", "true"), ("[1, 'a', [2]]", "[1, a, [2]]"),
            ("{'a': {'b': 1}, 'c': null}", "{a={b=1}, c=null}"), ("[1, 2] == [1, 2]", "true"),
            ("{'a': 1} == {'a': 2}", "false"),
            ("[-2..1]", "[-2, -1, 0, 1]"), ("[]", "[]"), ("\"x$nothing\"", "x"), ("'x$y'", "x$y"), ("\"\\u0041\"", "A"),
            ("'it''s'", "it's"),
            ("$nothing == ''", "true"), ("$nothing == 0", "false"), ("- 3 + 5", "2"), ("1e2", "100.0"),
        ])
    func expressions(_ expression: String, _ expected: String) throws {
        #expect(try render("#set($r = \(expression))$r") == expected)
    }

    @Test(
        "loops stop, nest and clean up",
        arguments: [
            ("#foreach($i in [1..9])$i#if($i == 3)#break#end#end|$i", "123|"),
            ("a#stop b", "a"), ("#foreach($i in [1..3])a#stop#end b", "a"),
            ("#set($i = 'x')#foreach($i in [1])$i#end$i", "1x"),
            ("#foreach($m in {'a': 1, 'b': 2})$m#end", "12"), ("#foreach($e in {'a': 1}.entrySet())$e#end", "fail"),
            (
                "#set($m = {'a': 1, 'b': 2})#foreach($e in $m.entrySet())$e.key=$e.value;$e.getKey()$e #end",
                "a=1;aa=1 b=2;bb=2 "
            ),
            (
                "#foreach($i in [1, 2])#foreach($j in [1, 2])$foreach.parent.index$foreach.index #end#end",
                "00 01 10 11 "
            ),
            ("#foreach($i in 'text')x#end", ""), ("$foreach.index$velocityCount", ""),
            ("#set($l = [1, 2])#foreach($i in $l)#set($ignore = $l.add($i))#end$l", "[1, 2, 1, 2]"),
        ])
    func loops(_ template: String, _ expected: String) throws {
        guard expected != "fail" else {
            #expect(failure(template)?.code == .syntax)
            return
        }
        #expect(try render(template) == expected)
    }
}
