import MappingTemplates
import Testing

/// The methods of Java's classes that templates use less often, each with what Java gives.
struct JavaMethodTests {
    @Test(
        "texts have the rest of Java's methods",
        arguments: [
            ("startsWith('bc', 1)", "true"), ("startsWith('bc', 9)", "false"), ("startsWith('', 3)", "true"),
            ("lastIndexOf('b')", "4"), ("lastIndexOf('b', 3)", "1"), ("lastIndexOf('b', 0)", "-1"),
            ("lastIndexOf('b', -1)", "-1"), ("lastIndexOf('abcabcx')", "-1"), ("lastIndexOf('', 2)", "2"),
            ("indexOf(98)", "1"), ("indexOf(98, 2)", "4"), ("lastIndexOf(97)", "3"), ("indexOf(120)", "-1"),
            ("codePointAt(1)", "98"), ("hashCode()", "-1424388928"), ("contentEquals('abcabc')", "true"),
            ("intern()", "abcabc"), ("valueOf(1.5)", "1.5"), ("copyValueOf('x')", "x"), ("getBytes()[2]", "99"),
            ("join('-', ['a', 1, true])", "a-1-true"), ("join('-', 'a', 'b')", "a-b"), ("join(',', [])", ""),
            ("compareToIgnoreCase('ABD')", "-1"), ("subSequence(1, 3)", "bc"), ("toCharArray()[2]", "c"),
            ("isBlank()", "false"), ("strip()", "abcabc"),
        ])
    func texts(_ call: String, _ expected: String) throws {
        #expect(try render("#set($s = 'abcabc')$s.\(call)") == expected)
    }

    @Test(
        "a text formats numbers and texts as Java does",
        arguments: [
            ("'%d', 7", "7"), ("'%05d', 42", "00042"), ("'%05d', -42", "-0042"), ("'%-5d|', 42", "42   |"),
            ("'%+d % d', 5, 5", "+5  5"), ("'%,d', 1234567", "1,234,567"), ("'%(d', -5", "(5)"),
            ("'%,012d', 1234567", "0001,234,567"), ("'%s and %s', 'a', 1.5", "a and 1.5"),
            ("'%5s|%-5s|', 'ab', 'cd'", "   ab|cd   |"),
            ("'%.2s', 'abc'", "ab"), ("'%S', 'abc'", "ABC"), ("'%2$s %1$s %s', 'a', 'b'", "b a a"),
            ("'%s %<s', 'x'", "x x"),
            ("'%x %X', 255, 255", "ff FF"), ("'%x', -1", "ffffffff"), ("'%#x', 255", "0xff"),
            ("'%#010x', 255", "0x000000ff"),
            ("'%o', 8", "10"), ("'%.2f', 2.345", "2.35"), ("'%.0f', 2.5", "3"), ("'%f', 0.1", "0.100000"),
            ("'%.1f', 0.05", "0.1"), ("'%.3f', 1.0005", "1.001"), ("'%8.2f|', 3.14159", "    3.14|"),
            ("'%08.2f', -3.14159", "-0003.14"), ("'%,.2f', 1234567.891", "1,234,567.89"), ("'%.2f', 9.999", "10.00"),
            ("'%e', 12345.678", "1.234568e+04"), ("'%.0e', 0.00095", "1e-03"), ("'%.2E', 0.00012", "1.20E-04"),
            ("'%g', 0.0001", "0.000100000"), ("'%g', 123456.7", "123457"), ("'%.3g', 1234.5", "1.23e+03"),
            ("'%b %b %b', true, 0, $none", "true true false"), ("'%c', 65", "A"), ("'%d%%', 50", "50%"),
            ("'a%nb'", "a\nb"),
            ("'%s %d', $none, $none", "null null"), ("'%h', 'abcabc'", "ab198cc0"), ("'plain'", "plain"),
        ])
    func formats(_ arguments: String, _ expected: String) throws {
        #expect(try render("#set($s = '')$s.format(\(arguments))") == expected)
    }

    @Test("the text itself may be the format")
    func formatted() throws {
        #expect(try render("#set($s = '%03d-%s')$s.formatted(7, 'x')") == "007-x")
    }

    @Test(
        "a format that is none, or does not go with its arguments, fails the template",
        arguments: [
            "'%'", "'%d'", "'%d', 'a'", "'%d', 1.5", "'%f', 1", "'%c', 'a'", "'%y', 1", "'%tY', 1", "'%-d', 1",
            "'%05s', 1",
            "'%+ d', 1", "'%--5d', 1", "'%.2d', 1", "'%2$s', 1", "'%<s', 1", "'%0$s', 1", "'%.f', 1.5", "'%5n'",
            "'%99999999999d', 1", "",
        ])
    func badFormats(_ arguments: String) {
        #expect(failure("#set($s = '')$s.format(\(arguments))")?.code == .badArgument)
    }

    @Test("a width costs what it makes", arguments: ["'%2000000000d', 1", "'%.2000000000f', 1.5"])
    func wideFormats(_ arguments: String) {
        #expect(failure("#set($s = '')$s.format(\(arguments))")?.code == .tooMuchWork)
    }

    @Test("blanks are stripped where they are asked for, and characters past the first 65,536 have one code")
    func blanks() throws {
        let template = "#set($s = '  a b ')[$s.stripLeading()][$s.stripTrailing()][$s.strip()][$s.trim()]"
        #expect(try render(template) == "[a b ][  a b][a b][a b]")
        #expect(try render("#set($s = 'x😀')$s.codePointAt(1) $s.codePointAt(0)") == "128512 120")
        #expect(try render("#set($s = '  ')$s.isBlank()$s.isEmpty()$s.stripTrailing()") == "truefalse")
    }

    @Test(
        "lists have the rest of Java's methods",
        arguments: [
            ("$l.addAll(1, ['x', 'y'])$l", "true[a, x, y, b, c]"), ("$l.addAll(3, ['x'])$l", "true[a, b, c, x]"),
            ("$l.retainAll(['c', 'a', 'z'])$l", "true[a, c]"), ("$l.retainAll($l)", "false"),
            ("$l.toArray()[1]", "b"), ("$l.hashCode()", "126145"), ("$l.isEmpty()", "false"), ("$l.empty", "false"),
            ("#foreach($e in $l.iterator())$e#end", "abc"),
            ("#set($i = $l.iterator())$i.next()$i.next()$i.hasNext()$i.next()$i.hasNext()$l.size()", "abtruecfalse3"),
            ("#set($l[0] = {'k': 1})$l[0].k$l.get(0).k", "11"), ("#set($l[-1] = 1)", "fail"),
            ("$l.addAll(9, ['x'])", "fail"), ("$l.iterator().next().x", ""),
            ("#set($e = [])$e.iterator().next()", "fail"),
            ("$l.equals($l.subList(0, 3)) $l.subList(0, 0)", "true []"),
        ])
    func lists(_ template: String, _ expected: String) throws {
        let template = "#set($l = ['a', 'b', 'c'])" + template
        if expected == "fail" { return #expect(failure(template)?.code == .badArgument) }
        #expect(try render(template) == expected)
    }

    @Test(
        "maps have the rest of Java's methods",
        arguments: [
            ("$m.replace('a', 5)$m.replace('z', 5)$m", "1{a=5, b=2}"), ("$m.hashCode()", "192"),
            ("#foreach($e in $m.entrySet())$e.setValue(0)#end$m", "12{a=0, b=0}"),
            ("#foreach($e in $m.entrySet())#set($old = $e.setValue(7))$e.value#end", "77"),
            ("$m.keySet().contains('a') $m.values().contains(3)", "true false"),
            ("$m.entrySet().size() $m.keySet().isEmpty()", "2 false"), ("$m.empty", ""), ("$m.missing.isEmpty()", ""),
            ("#set($m['c'] = 3)#set($k = 'c')$m[$k]$m.get($k)", "33"), ("$m.entrySet().iterator().next().key", "a"),
            ("#set($n = {'x': {'y': [1, {'z': 'deep'}]}})$n.x.y[1].z$n.get('x').get('y').get(1).get('z')", "deepdeep"),
            ("$m.putIfAbsent('z', 1)$m.z$m.remove('z')$m.containsKey('z')", "11false"),
        ])
    func maps(_ template: String, _ expected: String) throws {
        #expect(try render("#set($m = {'a': 1, 'b': 2})" + template) == expected)
    }

    @Test(
        "numbers and booleans have the rest of Java's methods",
        arguments: [
            ("$n.max(3, 2.5)", "3"), ("$n.min(3, 2.5)", "2.5"), ("$n.sum(1, 2)", "3"), ("$n.compare(1, 2)", "-1"),
            ("$n.signum(-4)", "-1"), ("$n.toHexString(255)", "ff"), ("$n.toHexString(-1)", "ffffffff"),
            ("$n.toBinaryString(5)", "101"), ("$n.toOctalString(8)", "10"), ("$n.parseInt('ff', 16)", "255"),
            ("$n.parseInt('-7')", "-7"), ("$n.parseLong('3000000000')", "3000000000"), ("$n.parseFloat('1.5')", "1.5"),
            ("$big.intValue()", "-1294967296"), ("$big.shortValue()", "24064"), ("$big.byteValue()", "0"),
            ("$big.longValue()", "3000000000"), ("$f.intValue()", "2"), ("$f.longValue()", "2"),
            ("$f.floatValue()", "2.9"),
            ("$huge.intValue()", "2147483647"), ("$huge.longValue()", "9223372036854775807"), ("$f.isNaN()", "false"),
            ("$huge.isInfinite()", "false"), ("$n.hashCode()", "0"), ("$big.hashCode()", "-1294967296"),
            ("$f.hashCode()", "1932787712"), ("$t.hashCode()", "1231"), ("$t.booleanValue()", "true"),
            ("$t.parseBoolean('TRUE')", "true"), ("$t.parseBoolean('yes')", "false"), ("$t.compareTo(false)", "1"),
            ("$t.valueOf('false')", "false"), ("$t.equals('true')", "false"), ("$t.toString().length()", "4"),
        ])
    func numbers(_ call: String, _ expected: String) throws {
        let values = "#set($n = 0)#set($big = 3000000000)#set($f = 2.9)#set($huge = 1e300)#set($t = true)"
        #expect(try render(values + "#set($r = \(call))$r") == expected)
    }

    @Test("a text that is no number of the kind asked for is refused", arguments: ["3000000000", "x", "", " 1", "1.0"])
    func noInteger(_ text: String) {
        #expect(failure("#set($n = 0)$n.parseInt('\(text)')")?.code == .badArgument)
        #expect(failure("#set($n = 0)$n.parseInt('12', 99)")?.code == .badArgument)
    }

    @Test(
        "whole numbers grow past 64 bits as Java's do in Velocity, and fractions take over past 128",
        arguments: [
            ("9223372036854775807 + 1", "9223372036854775808"), ("-9223372036854775807 - 9", "-9223372036854775816"),
            ("9223372036854775807 * 9223372036854775807", "85070591730234615847396907784232501249"),
            ("9223372036854775808 - 1", "9223372036854775807"), ("99999999999999999999", "99999999999999999999"),
            ("99999999999999999999 / 10", "9999999999999999999"), ("99999999999999999999 % 7", "1"),
            ("99999999999999999999 / 0", ""), ("-99999999999999999999", "-99999999999999999999"),
            ("99999999999999999999 > 1", "true"), ("99999999999999999999 == 99999999999999999999", "true"),
            ("2147483647 + 1", "2147483648"), ("7 / 0.0", ""), ("7 % 0", ""), ("-7 % 3", "-1"), ("7.0 / 2", "3.5"),
            ("0.1 + 0.2", "0.30000000000000004"), ("1.0 * 3", "3.0"), ("'a' - 1", ""), ("true + 1", ""),
        ])
    func growth(_ expression: String, _ expected: String) throws {
        #expect(try render("#set($r = \(expression))$r") == expected)
    }

    @Test("a number of more than 128 bits goes on as a fraction")
    func fractions() throws {
        #expect(
            try render("#set($r = 9223372036854775807)#foreach($i in [1..3])#set($r = $r * $r)#end$r.longValue()")
                == "9223372036854775807")
    }
}
