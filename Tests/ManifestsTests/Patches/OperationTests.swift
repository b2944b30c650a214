import Diagnostics
import JSON
import Testing

@testable import Manifests

/// The cases of RFC 6902, appendix A, in words of our own.
@Suite("Patch operations")
struct OperationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let document: String
        let patch: String
        /// Nil where the patch must be refused.
        let result: String?
        init(_ name: String, _ document: String, _ patch: String, _ result: String?) {
            (self.name, self.document, self.patch, self.result) = (name, document, patch, result)
        }
        var testDescription: String { name }
    }

    private static let cases = [
        Case("add a member", #"{"a":1}"#, #"[{"op":"add","path":"/b","value":2}]"#, #"{"a":1,"b":2}"#),
        Case("add over a member", #"{"a":1}"#, #"[{"op":"add","path":"/a","value":2}]"#, #"{"a":2}"#),
        Case("add an element", #"[1,3]"#, #"[{"op":"add","path":"/1","value":2}]"#, "[1,2,3]"),
        Case("add at the end by position", "[1]", #"[{"op":"add","path":"/1","value":2}]"#, "[1,2]"),
        Case("add at the end by hyphen", "[1]", #"[{"op":"add","path":"/-","value":[2]}]"#, "[1,[2]]"),
        Case("add behind the end", "[1]", #"[{"op":"add","path":"/2","value":2}]"#, nil),
        Case("add to what is not there", #"{"a":1}"#, #"[{"op":"add","path":"/b/c","value":2}]"#, nil),
        Case("add a whole document", #"{"a":1}"#, #"[{"op":"add","path":"","value":[]}]"#, "[]"),
        Case("add null", "{}", #"[{"op":"add","path":"/a","value":null}]"#, #"{"a":null}"#),
        Case(
            "add a nested value", #"{"a":1}"#, #"[{"op":"add","path":"/c","value":{"d":{}}}]"#, #"{"a":1,"c":{"d":{}}}"#
        ),
        Case("remove a member", #"{"a":1,"b":2}"#, #"[{"op":"remove","path":"/b"}]"#, #"{"a":1}"#),
        Case("remove an element", "[1,2,3]", #"[{"op":"remove","path":"/1"}]"#, "[1,3]"),
        Case("remove what is not there", "{}", #"[{"op":"remove","path":"/a"}]"#, nil),
        Case("remove at a hyphen", "[1]", #"[{"op":"remove","path":"/-"}]"#, nil),
        Case("replace a value", #"{"a":1,"b":2}"#, #"[{"op":"replace","path":"/a","value":"x"}]"#, #"{"a":"x","b":2}"#),
        Case("replace an element", "[1,2]", #"[{"op":"replace","path":"/0","value":9}]"#, "[9,2]"),
        Case("replace what is not there", "{}", #"[{"op":"replace","path":"/a","value":1}]"#, nil),
        Case(
            "move a value", #"{"a":{"b":1},"c":{}}"#, #"[{"op":"move","from":"/a/b","path":"/c/d"}]"#,
            #"{"a":{},"c":{"d":1}}"#),
        Case("move an element", "[1,2,3,4]", #"[{"op":"move","from":"/1","path":"/3"}]"#, "[1,3,4,2]"),
        Case("move into itself", #"{"a":{"b":{}}}"#, #"[{"op":"move","from":"/a","path":"/a/b/c"}]"#, nil),
        Case("move to where it is", #"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/a"}]"#, #"{"a":1}"#),
        Case("move what is not there", "{}", #"[{"op":"move","from":"/a","path":"/b"}]"#, nil),
        Case(
            "copy a value", #"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#,
            #"{"a":{"b":1},"c":{"b":1}}"#),
        Case("copy into itself", #"{"a":{}}"#, #"[{"op":"copy","from":"/a","path":"/a/a"}]"#, #"{"a":{"a":{}}}"#),
        Case("a test that holds", #"{"a":[1,"2"]}"#, #"[{"op":"test","path":"/a/1","value":"2"}]"#, #"{"a":[1,"2"]}"#),
        Case("a test that fails", #"{"a":"x"}"#, #"[{"op":"test","path":"/a","value":"y"}]"#, nil),
        Case("a text is no number", #"{"a":"10"}"#, #"[{"op":"test","path":"/a","value":10}]"#, nil),
        Case("equal numbers", #"{"a":1.0}"#, #"[{"op":"test","path":"/a","value":1}]"#, #"{"a":1.0}"#),
        Case(
            "the order of members does not matter", #"{"a":{"b":1,"c":2}}"#,
            #"[{"op":"test","path":"/a","value":{"c":2,"b":1}}]"#, #"{"a":{"b":1,"c":2}}"#),
        Case(
            "escapes", #"{"/":1,"~1":2}"#, #"[{"op":"test","path":"/~01","value":2},{"op":"remove","path":"/~1"}]"#,
            #"{"~1":2}"#),
        Case("an empty name", #"{"":{"":1}}"#, #"[{"op":"replace","path":"//","value":2}]"#, #"{"":{"":2}}"#),
        Case("a wrong escape", #"{"~2":1}"#, #"[{"op":"remove","path":"/~2"}]"#, nil),
        Case("a path without a slash", #"{"a":1}"#, #"[{"op":"remove","path":"a"}]"#, nil),
        Case("a position with a zero before it", "[1,2]", #"[{"op":"remove","path":"/01"}]"#, nil),
        Case("a position past every number", "[1,2]", #"[{"op":"remove","path":"/99999999999999999999"}]"#, nil),
        Case("a negative position", "[1,2]", #"[{"op":"remove","path":"/-1"}]"#, nil),
        Case("into a text", #"{"a":"x"}"#, #"[{"op":"add","path":"/a/b","value":1}]"#, nil),
        Case("an unknown operation", "{}", #"[{"op":"merge","path":"/a","value":1}]"#, nil),
        Case("a member that no operation has", "{}", #"[{"op":"add","path":"/a","value":1,"xyz":1}]"#, nil),
        Case("no value", "{}", #"[{"op":"add","path":"/a"}]"#, nil),
        Case("no from", #"{"a":1}"#, #"[{"op":"copy","path":"/b"}]"#, nil),
        Case("a value for a removal", #"{"a":1}"#, #"[{"op":"remove","path":"/a","value":1}]"#, nil),
        Case("no path", "{}", #"[{"op":"add","value":1}]"#, nil),
    ]

    private func node(_ text: String) throws -> Node {
        try #require(Node.parse(json: Array(text.utf8), file: "x.json", limits: JSONLimits()).node)
    }

    @Test("each operation does what RFC 6902 says, and nothing else", arguments: cases)
    func operations(_ test: Case) throws {
        var diagnostics: [Diagnostic] = []
        let operations = try #require(node(test.patch).elements).compactMap { PatchOperation($0, &diagnostics) }
        var patching = NodePatching(try node(test.document))
        do {
            for operation in operations { try patching.apply(operation) }
        } catch {
            #expect(test.result == nil, "\(error.message)")
            #expect(patching.document.value == (try node(test.document)).value)
            return
        }
        guard let result = test.result else {
            #expect(!diagnostics.isEmpty)
            return
        }
        #expect(diagnostics.isEmpty)
        #expect(patching.document.value.text(.compact) == result)
    }

    @Test("copies of copies end before they fill the memory")
    func growth() throws {
        var diagnostics: [Diagnostic] = []
        let copy = try #require(PatchOperation(try node(#"{"op":"copy","from":"","path":"/a"}"#), &diagnostics))
        var patching = NodePatching(try node(#"{"b":[1,2,3]}"#))
        var failed = false
        for _ in 0..<1000 where !failed {
            do { try patching.apply(copy) } catch {
                failed = true
                #expect(error.code == .badPatch)
            }
        }
        #expect(failed)
    }

    @Test("printing a pointer and reading it gives the same", arguments: ["", "/", "/a~0b/c~1d", "//", "/0/-"])
    func pointers(_ text: String) {
        #expect(JSONPointer(text)?.description == text)
    }

    @Test(
        "a star stands for any run of characters",
        arguments: [
            ("pets", "pets", true), ("pets", "pet", false), ("pets", "p*", true), ("pets", "*s", true),
            ("pets", "p*t*s*", true), ("pets", "*", true), ("", "*", true), ("a", "", false), ("aab", "*ab", true),
            ("pets", "*x*", false),
        ])
    func wildcards(_ text: String, _ pattern: String, _ holds: Bool) {
        #expect(Wildcard.matches(text, pattern) == holds)
    }
}
