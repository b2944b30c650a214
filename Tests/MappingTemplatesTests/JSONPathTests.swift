import JSON
import MappingTemplates
import Testing

struct JSONPathTests {
    private static let store = #"""
        {"book": [
            {"title": "A", "price": 8.95, "tags": ["x", "y"], "isbn": "1"}, {"title": "B", "price": 12.99, "tags": []},
            {"title": "C d", "price": 22, "isbn": "2"}],
         "bike": {"price": 19.95, "a b": {"it's": 1}}, "max": 10, "none": null}
        """#

    private static func json(_ path: String) throws -> String? {
        try JSONPath(parsing: path).evaluate(on: JSONValue(parsing: store))?.text(.compact)
    }

    @Test(
        "paths name what Jayway's name",
        arguments: [
            ("$.max", "10"), ("max", "10"), ("$['max']", "10"), ("$[\"max\"]", "10"), ("['max']", "10"),
            (" $.max ", "10"), ("$.none", "null"),
            ("$.bike['a b'][\"it's\"]", "1"), ("$.bike['a b']['it\\'s']", "1"), ("$.book[0].title", "\"A\""),
            ("$.book[-1].title", "\"C d\""),
            ("$.book[0,2].title", "[\"A\",\"C d\"]"), ("$.book[1:].title", "[\"B\",\"C d\"]"),
            ("$.book[:1].title", "[\"A\"]"), ("$.book[-2:].title", "[\"B\",\"C d\"]"),
            ("$.book[0:3:2].title", "[\"A\",\"B\",\"C d\"]"), ("$.book[5:9]", "[]"),
            ("$.book[*].price", "[8.95,12.99,22]"),
            ("$.book.*.isbn", "[\"1\",\"2\"]"),
            ("$..isbn", "[\"1\",\"2\"]"), ("$..price", "[8.95,12.99,22,19.95]"), ("$..book[0].title", "[\"A\"]"),
            ("$.bike.*", "[19.95,{\"it's\":1}]"),
            ("$.book[0]['title','isbn']", "{\"title\":\"A\",\"isbn\":\"1\"}"), ("$.nothing..x", "[]"),
            ("$.book.length()", "3"), ("$..price.sum()", "63.89"),
            ("$..price.max()", "22.0"), ("$..price.min()", "8.95"), ("$.bike.keys()", "[\"price\",\"a b\"]"),
            ("$.book[0].tags.first()", "\"x\""),
            ("$.book[0].tags.last()", "\"y\""), ("$.book[0].tags.index(-1)", "\"y\""),
            ("$.book[0].title.length()", "1"),
            ("$.book[?(@.price < 10)].title", "[\"A\"]"), ("$.book[?(@.price < $.max)].title", "[\"A\"]"),
            ("$.book[?(@.isbn)].title", "[\"A\",\"C d\"]"),
            ("$.book[?(!@.isbn)].title", "[\"B\"]"),
            ("$.book[?(@.title == 'B' || @.price >= 22)].title", "[\"B\",\"C d\"]"),
            ("$.book[?(@.price > 5 && @.isbn == \"2\")].title", "[\"C d\"]"),
            ("$.book[?(@.title =~ /c.*/i)].title", "[\"C d\"]"),
            ("$.book[?(@.title in ['A', 'B'])].title", "[\"A\",\"B\"]"),
            ("$.book[?(@.title nin ['A', 'B'])].title", "[\"C d\"]"),
            ("$.book[?(@.tags contains 'x')].title", "[\"A\"]"), ("$.book[?(@.tags size 0)].title", "[\"B\"]"),
            ("$.book[?(@.tags empty true)].title", "[\"B\"]"),
            ("$.book[?(@.tags anyof ['y', 'z'])].title", "[\"A\"]"),
            ("$.book[?(@.price != 22)].title", "[\"A\",\"B\"]"), ("$[?(@.max == 10)].max", "[10]"),
            ("$.book[?(@.tags.length() > 1)].title", "[\"A\"]"), ("$.book[?((@.price > 20))].title", "[\"C d\"]"),
            ("$..[?(@.isbn)].title", "[\"A\",\"C d\"]"),
        ])
    func evaluates(_ path: String, _ expected: String) throws { #expect(try Self.json(path) == expected) }

    @Test(
        "a definite path to nothing gives nil",
        arguments: [
            "$.x", "$.book[9]", "$.book[-9]", "$.book.title", "$.max[0]", "$.max.x", "$.x.length()", "$.max.length()",
            "$.book[0].tags.sum()", "$.none.x",
        ])
    func missing(_ path: String) throws { #expect(try Self.json(path) == nil) }

    @Test(
        "a path that cannot be read is refused with its column",
        arguments: [
            ("", 1), ("$.", 2), ("$[", 3), ("$['a", 5), ("$[a]", 3), ("$.a[?(@.b <)]", 12), ("$.a[?@.b]", 6),
            ("$.a.frob()", 11), ("$.a b", 4),
            ("$..", 4), ("$[:]", 4), ("$.a[?(1)]", 8), ("$.a[?(@.b =~ 'x')]", 17), ("$[99999999999999999999]", 23),
            ("x[", 3),
        ])
    func refused(_ path: String, _ column: Int) {
        do throws(TemplateFailure) {
            _ = try JSONPath(parsing: path)
            Issue.record("`\(path)` was accepted")
        } catch {
            #expect(error.code == .badPath && error.line == 1, "\(error)")
            #expect(error.column == column, "\(error)")
        }
    }

    @Test("long, deep and costly paths end", .timeLimit(.minutes(1)))
    func limits() throws {
        #expect(throws: TemplateFailure.self) { try JSONPath(parsing: "$." + String(repeating: "a", count: 9_000)) }
        #expect(throws: TemplateFailure.self) { try JSONPath(parsing: String(repeating: "$[?(@", count: 1_000)) }
        #expect(throws: TemplateFailure.self) { try JSONPath(parsing: "$[?(" + String(repeating: "!", count: 1_000)) }
        var deep: JSONValue = [1, 2]
        for _ in 0..<90 { deep = [deep, 1] }
        do throws(TemplateFailure) {
            _ = try JSONPath(parsing: "$..*..*..*..*..*..*").evaluate(on: deep)
            Issue.record("it ended")
        } catch { #expect(error.code == .tooMuchWork) }
    }
}
