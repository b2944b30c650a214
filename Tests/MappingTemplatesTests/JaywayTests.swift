import JSON
import MappingTemplates
import Testing

/// What the Jayway dialect has that other dialects of JSONPath have not, or have otherwise.
struct JaywayTests {
    private static let body = #"""
        {"n": [0, 1, 2, 3, 4], "a-b": 1, "a,b": 2, "a&b": 3, "x:y": 4, "ü": 5, "tab\tname": 6, "it's": 7, "*": 8,
         "list": [{"id": 1, "s": "1", "t": "Ab", "f": true, "z": null, "tags": ["p", "q"], "o": {"k": [1]}},
                  {"id": 2.0, "s": "x\ny", "t": "cd", "f": false, "tags": []}, {"id": "3", "t": "/e"}],
         "names": ["a", "b"], "empty": [], "one": 1, "text": "abc",
         "deep": {"p": 1, "q": {"p": 2, "r": 3}, "l": [{"p": 4, "r": 5}, {"r": 6}]}}
        """#

    private static func json(_ path: String) throws -> String? {
        try JSONPath(parsing: path).evaluate(on: JSONValue(parsing: body))?.text(.compact)
    }

    @Test(
        "slices count as Jayway's do, and steps have no effect",
        arguments: [
            ("$.n[1:3]", "[1,2]"), ("$.n[:2]", "[0,1]"), ("$.n[3:]", "[3,4]"), ("$.n[-2:]", "[3,4]"),
            ("$.n[:-2]", "[0,1,2]"),
            ("$.n[-3:-1]", "[2,3]"), ("$.n[1:-1]", "[]"), ("$.n[-2:1]", "[3,4,0]"), ("$.n[-9:2]", "[0,1,2,3,4,0,1]"),
            ("$.n[9:]", "[]"), ("$.n[:9]", "[0,1,2,3,4]"), ("$.n[:-9]", "[]"), ("$.n[-9:]", "[0,1,2,3,4]"),
            ("$.n[3:1]", "[]"), ("$.n[0:4:2]", "[0,1,2,3]"), ("$.n[-999999999999:2]", "[0,1,2,3,4,0,1]"),
            ("$.n[0,-1]", "[0,4]"), ("$.n[4,9,0]", "[4,0]"), ("$.n[ 1 , 2 ]", "[1,2]"),
        ])
    func slices(_ path: String, _ expected: String) throws { #expect(try Self.json(path) == expected) }

    @Test(
        "names reach as far as Jayway's",
        arguments: [
            ("$.a-b", "1"), ("$.a,b", "2"), ("$.a&b", "3"), ("$.x:y", "4"), ("$.ü", "5"), ("$['tab\\tname']", "6"),
            ("$['it\\'s']", "7"), ("$['it\\u0027s']", "7"), ("$['*']", "8"), ("$.['one']", "1"), ("$['\\u00fC']", "5"),
            ("$.deep['p','r']", "{\"p\":1}"), ("$.deep['p', 'q']['p']", "[2]"),
            ("$.deep.l[*]['p','r']", "[{\"p\":4,\"r\":5},{\"r\":6}]"),
            ("$..['p','r']", "[{\"p\":2,\"r\":3},{\"p\":4,\"r\":5}]"), ("$.deep..p", "[1,2,4]"), ("$..l[0].r", "[5]"),
            ("$.deep.*.p", "[2]"), ("$.deep..l[*].r", "[5,6]"), ("$..*.r", "[3,5,6]"),
        ])
    func names(_ path: String, _ expected: String) throws { #expect(try Self.json(path) == expected) }

    @Test(
        "filters have all of Jayway's operators",
        arguments: [
            ("@.id == 1", "[1]"), ("@.id == '1'", "[1]"), ("@.id == 2", "[2.0]"), ("@.id == '2'", "[2.0]"),
            ("@.id == 3", "[\"3\"]"), ("@.id === 3", "[]"), ("@.id === 2", "[2.0]"), ("@.id !== 3", "[1,2.0,\"3\"]"),
            ("@.id === '3'", "[\"3\"]"), ("@.id in ['1', 3]", "[1,\"3\"]"), ("@.id nin ['1', 3]", "[2.0]"),
            ("@.id IN [1]", "[1]"),
            ("@.z == null", "[1]"), ("@.z", "[1]"), ("@.z != null", "[2.0,\"3\"]"), ("!@.z", "[2.0,\"3\"]"),
            ("@.f == true", "[1]"), ("@.f == 'true'", "[]"), ("@.f =~ /TRUE/i", "[1]"), ("@.id =~ /[12].*/", "[1,2.0]"),
            ("@.t =~ /ab/i", "[1]"), ("@.s =~ /x.y/s", "[2.0]"), ("@.s =~ /x.y/", "[]"), ("@.t =~ /\\/e/", "[\"3\"]"),
            ("@.s =~ /X $ . ^ Y/imsx", "[2.0]"), ("@.tags all ['q', 'p']", "[1]"), ("@.tags all []", "[1,2.0]"),
            ("@.tags subsetof ['p', 'q', 'r']", "[1,2.0]"), ("@.tags anyof ['q']", "[1]"),
            ("@.tags noneof ['q']", "[2.0,\"3\"]"),
            ("@.tags size 2", "[1]"), ("@.tags size 0", "[2.0]"), ("@.t size 2", "[1,2.0,\"3\"]"),
            ("@.tags empty true", "[2.0]"),
            ("@.tags empty false", "[1]"), ("@.tags contains 'p'", "[1]"), ("@.t contains 'b'", "[1]"),
            ("@.o == {\"k\": [1]}", "[1]"), ("@.o == {'k':[1]}", "[1]"), ("@.o.k == [1]", "[1]"), ("@.o == {}", "[]"),
            ("@.tags == []", "[2.0]"), ("@.o in [[1, [2]], {'k': [1]}]", "[1]"), ("1 == 1", "[1,2.0,\"3\"]"),
            ("'Ab' == @.t", "[1]"), ("@.t > 'b'", "[2.0]"), ("@.t <= 'Ab'", "[1,\"3\"]"), ("@.id >= 2", "[2.0]"),
            ("@.id < $.n[2]", "[1]"), ("@['id'] == 1 && (@.f == true || @.t == 'cd')", "[1]"),
            ("!(@.id == 1 || @.f)", "[\"3\"]"),
            ("@.tags.length() == 2", "[1]"), ("@.tags.first() == 'p'", "[1]"), ("@.tags.concat('!') == 'pq!'", "[1]"),
            ("@.tags[?(@ == 'q')]", "[1]"), ("@.t == 'A\\u0062'", "[1]"), ("@.s == 'x\\ny'", "[2.0]"),
            ("@ != 5", "[1,2.0,\"3\"]"),
        ])
    func filters(_ condition: String, _ ids: String) throws {
        #expect(try Self.json("$.list[?(\(condition))].id") == ids)
    }

    @Test(
        "functions take lists and arguments, and numbers come as fractions",
        arguments: [
            ("$.n.sum()", "10.0"), ("$.n.avg()", "2.0"), ("$.n.min()", "0.0"), ("$.n.max()", "4.0"),
            ("$.n.stddev()", "1.4142135623730951"), ("$.sum($.n, $.one)", "11.0"), ("$.max($.one, 7)", "7.0"),
            ("$.names.concat()", "\"ab\""), ("$.names.concat('c', $.text)", "\"abcabc\""),
            ("$.concat($.names, '-', $.text)", "\"ab-abc\""),
            ("$.names.append('c')", "[\"a\",\"b\",\"c\"]"),
            ("$.names.append(1, {'k': []})", "[\"a\",\"b\",1,{\"k\":[]}]"),
            ("$.n.length()", "5"), ("$.n.size()", "5"), ("$.text.length()", "3"), ("$.length($.n)", "5"),
            ("$.deep.keys()", "[\"p\",\"q\",\"l\"]"),
            ("$.n.first()", "0"), ("$.n.last()", "4"), ("$.n.index(1)", "1"), ("$.n.index(-2)", "3"),
            ("$..p.sum()", "7.0"),
            ("$.text.append('x')", "\"abc\""), ("$.empty.concat()", "\"\""),
        ])
    func functions(_ path: String, _ expected: String) throws { #expect(try Self.json(path) == expected) }

    @Test(
        "what has no answer gives nothing",
        arguments: [
            "$.empty.sum()", "$.empty.first()", "$.n.index(9)", "$.text.keys()", "$.one.length()", "$.none.concat()",
            "$.text[0]",
        ])
    func nothing(_ path: String) throws { #expect(try Self.json(path) == nil) }

    @Test(
        "what Jayway cannot read is refused",
        arguments: [
            "$[:]", "$[::2]", "$.n.index()", "$.n.index('a')", "$.n.first(1)", "$.n.sum(", "$.n.sum(1", "$.n.append(@",
            "$.list[?(@.id == {)]", "$.list[?(@.id == {'a' 1})]", "$.list[?(@.id == [@.a])]", "$.list[?(@.id ==== 1)]",
            "$.list[?(@.t =~ /a/q)]", "$.list[?(@.t =~ /(/)]", "$.list[?(@.id = 1)]", "$.list[?()]", "$.list[?]",
        ])
    func refused(_ path: String) {
        #expect(throws: TemplateFailure.self) { try JSONPath(parsing: path) }
    }

    @Test("literals and arguments in each other are bounded")
    func depth() {
        for piece in ["[", "{'a':", "$.sum(", "@.sum("] {
            #expect(throws: TemplateFailure.self, "\(piece)") {
                try JSONPath(parsing: "$[?(@.a == " + String(repeating: piece, count: 1_000))
            }
        }
    }
}
