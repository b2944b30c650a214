import JSON
import Testing

@Suite("Objects")
struct JSONObjectTests {
    @Test("members keep their order through writes and removals", arguments: [3, 11, 12, 13, 30])
    func order(count: Int) {
        var object = JSONObject()
        for position in 0..<count { object["m\(position)"] = .number(JSONNumber(position)) }
        object["m1"] = "new"
        object["m0"] = nil
        object["absent"] = nil
        #expect(object.names == (1..<count).map { "m\($0)" })
        #expect(object["m1"] == "new")
        #expect(object["m0"] == nil)
        #expect(object["m\(count - 1)"]?.int == count - 1 || count == 2)
        object["m0"] = true
        #expect(object.names.last == "m0")
        #expect(object["m0"] == true)
        #expect(object.map(\.name) == object.names)
    }

    @Test("equality does not see the order, but names and values", arguments: [3, 20])
    func equality(count: Int) {
        let members = (0..<count).map { ("m\($0)", JSONValue.number(JSONNumber($0))) }
        let one = JSONObject(members)
        let other = JSONObject(members.reversed())
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        var changed = other
        changed["m1"] = nil
        #expect(one != changed)
        changed["x"] = 1
        #expect(one != changed)
        changed["x"] = nil
        changed["m1"] = 5
        #expect(one != changed)
    }

    @Test("strings are compared by their bytes")
    func exactStrings() {
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(JSONValue.string("\u{E9}") == .string("\u{E9}"))
        #expect(JSONObject([("\u{E9}", 1)]) != JSONObject([("e\u{301}", 1)]))
        let many = JSONObject((0..<20).map { ("m\($0)", 1) } + [("\u{E9}", 2), ("e\u{301}", 3)])
        #expect(many.count == 22)
        #expect(many["\u{E9}"] == 2)
    }

    @Test("null, a missing member and a wrong type are told apart")
    func reading() {
        let value: JSONValue = ["a": nil, "b": [1]]
        #expect(value["a"] == .null)
        #expect(value["c"] == nil)
        #expect(value["b"]?[0] == 1)
        #expect(value["b"]?[1] == nil)
        #expect(value["b"]?[-1] == nil)
        #expect(value["b"]?["a"] == nil)
    }
}
