import JSON
import MappingTemplates
import Testing

struct MethodTests {
    @Test(
        "texts have Java's methods",
        arguments: [
            ("length()", "9"), ("isEmpty()", "false"), ("contains('def')", "true"), ("contains('')", "true"),
            ("startsWith('abc')", "true"),
            ("endsWith('GHI')", "false"), ("endsWith('ghi')", "true"), ("indexOf('c')", "2"), ("indexOf('c', 3)", "-1"),
            ("indexOf('c', -5)", "2"),
            ("lastIndexOf('a')", "0"), ("substring(3)", "defghi"), ("substring(3, 5)", "de"), ("substring(9)", ""),
            ("charAt(1)", "b"),
            ("replace('b', 'XX')", "aXXcdefghi"), ("replace('', '-')", "-a-b-c-d-e-f-g-h-i-"),
            ("replaceAll('[a-c]+', '<$0>')", "<abc>defghi"),
            ("replaceAll('(a)(b)', '$2$1')", "bacdefghi"), ("replaceFirst('[a-z]', '')", "bcdefghi"),
            ("replaceAll('a', '\\$')", "$bcdefghi"),
            ("matches('abc')", "false"), ("matches('abc.*')", "true"), ("split('d')[1]", "efghi"),
            ("split('[dg]').size()", "3"),
            ("toUpperCase()", "ABCDEFGHI"), ("concat('!')", "abcdefghi!"), ("equals('abcdefghi')", "true"),
            ("equals(1)", "false"),
            ("equalsIgnoreCase('ABCDEFGHI')", "true"), ("compareTo('abd')", "-1"), ("repeat(2)", "abcdefghiabcdefghi"),
            ("toString()", "abcdefghi"),
            ("empty", "false"), ("size()", ""), ("get('x')", ""), ("toCharArray().size()", "9"), ("isBlank()", "false"),
        ])
    func texts(_ call: String, _ expected: String) throws {
        #expect(try render("#set($s = 'abcdefghi')$s.\(call)") == expected)
    }

    @Test("positions count as Java's do, in UTF-16 units")
    func units() throws {
        #expect(try render("#set($s = 'a😀é')$s.length() $s.indexOf('é') $s.substring(3) $s.trim()") == "4 3 é a😀é")
    }

    @Test(
        "lists have Java's methods",
        arguments: [
            ("$l.size()", "3"), ("$l.get(1)", "b"), ("$l.get(9)", ""), ("$l[-1]", "c"), ("$l.contains('b')", "true"),
            ("$l.indexOf('c')", "2"),
            ("$l.lastIndexOf('x')", "-1"), ("$l.add('d')$l", "true[a, b, c, d]"), ("$l.add(1, 'x')$l", "[a, x, b, c]"),
            ("$l.remove(0)$l", "a[b, c]"),
            ("$l.remove('b')$l", "true[a, c]"), ("$l.remove('x')", "false"),
            ("$l.addAll(['x', 'y'])$l.size()", "true5"), ("$l.set(0, 'z')$l", "a[z, b, c]"),
            ("$l.clear()$l", "[]"), ("$l.subList(1, 3)", "[b, c]"), ("$l.containsAll(['a', 'c'])", "true"),
            ("$l.isEmpty()", "false"), ("$l.empty", "false"),
            ("$l.removeAll(['a', 'c'])$l", "true[b]"), ("$l.equals(['a', 'b', 'c'])", "true"),
            ("#set($l[1] = 'y')$l", "[a, y, c]"), ("$l.foo", ""),
            ("$l.length()", ""), ("#set($k = $l)#set($x = $k.add('d'))$l.size()", "4"),
        ])
    func lists(_ template: String, _ expected: String) throws {
        #expect(try render("#set($l = ['a', 'b', 'c'])" + template) == expected)
    }

    @Test(
        "maps have Java's methods and keep their order",
        arguments: [
            ("$m.size()", "2"), ("$m.get('a')$m.a$m['a']", "111"),
            ("$m.put('a', 9)$m.put('z', 0)$m", "1{a=9, b=2, z=0}"), ("$m.containsKey('b')", "true"),
            ("$m.containsValue(2)", "true"), ("$m.keySet()", "[a, b]"), ("$m.values()", "[1, 2]"),
            ("$m.remove('a')$m", "1{b=2}"), ("$m.isEmpty()", "false"),
            ("$m.getOrDefault('x', 'd')", "d"), ("$m.putIfAbsent('a', 5)$m.a", "11"),
            ("$m.putAll({'c': 3})$m.keySet().size()", "3"), ("$m.clear()$m", "{}"),
            ("#set($m.c.d = 1)$m", "{a=1, b=2}"), ("#set($m.c = {})#set($m.c.d = 1)$m", "{a=1, b=2, c={d=1}}"),
            ("$m.x.y.z()", "fail"), ("$m.x.y.size()", ""),
            ("$m.entrySet()", "[a=1, b=2]"), ("$m.equals({'b': 2, 'a': 1})", "true"),
        ])
    func maps(_ template: String, _ expected: String) throws {
        let template = "#set($m = {'a': 1, 'b': 2})" + template
        if expected == "fail" { return #expect(failure(template)?.code == .unknownMethod) }
        #expect(try render(template) == expected)
    }

    @Test("a map of many members finds each of them")
    func manyMembers() throws {
        let template = "#set($m = {})#foreach($i in [1..50])#set($m[\"k$i\"] = $i)#end"
        #expect(
            try render(template + "$m.k1 $m.k50 $m.remove('k7') $m.k8 $m.size() $m.containsKey('k7')")
                == "1 50 7 8 49 false")
    }

    @Test(
        "numbers reach Java's static methods",
        arguments: [
            ("$n.parseInt('42') + 1", "43"), ("$n.valueOf('2.5')", "2.5"), ("$n.parseDouble('1')", "1.0"),
            ("$n.compareTo(1)", "-1"), ("$n.intValue()", "0"),
            ("$n.equals(0)", "true"), ("$n.toString() + '!'", "0!"), ("$n.doubleValue()", "0.0"),
        ])
    func numbers(_ expression: String, _ expected: String) throws {
        #expect(try render("#set($n = 0)#set($r = \(expression))$r") == expected)
    }

    @Test(
        "an argument that cannot work is refused at its place",
        arguments: [
            "$s.substring(5, 2)", "$s.substring(99)", "$s.charAt(-1)", "$l.set(9, 1)", "$l.add(7, 1)",
            "$l.subList(2, 1)", "#set($l[5] = 1)",
            "#set($l['x'] = 1)", "$s.substring()", "$s.substring('x')", "$n.parseInt('x')", "$util.urlDecode('%zz')",
            "$util.base64Decode('*')",
            "$s.replaceAll('a', '$1')", "$s.replaceAll('a', '\\')", "$util.urlEncode()", "$l.remove(9)", "$l.get('x')",
            "$input.path()",
            "$s.substring(9223372036854775807)", "$s.charAt(9223372036854775807)",
            "$s.subSequence(1, -9223372036854775807)",
        ])
    func badArguments(_ call: String) {
        let found = failure("#set($s = 'abc')#set($l = [1])#set($n = 0)\n" + call)
        #expect(found?.code == .badArgument, "\(call): \(String(describing: found))")
        #expect(found?.line == 2)
    }
}
