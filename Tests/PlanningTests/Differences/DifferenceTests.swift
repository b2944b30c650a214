import JSON
import Seeds
import Testing

@testable import Planning

@Suite("Differences")
struct DifferenceTests {
    @Test("properties are named by their path, in order")
    func paths() {
        let before: JSONValue = ["a": ["b": 1, "c d": [1, ["x": 1]]], "gone": ["n": 1], "list": [1, 2]]
        let after: JSONValue = ["a": ["b": 2, "c d": [1, ["x": 2]]], "list": [1], "new": [:], "z": ["q": true]]
        #expect(
            PropertyChange.between(before, after) == [
                PropertyChange(path: "a.b", before: 1, after: 2),
                PropertyChange(path: #"a["c d"][1].x"#, before: 1, after: 2),
                PropertyChange(path: "gone.n", before: 1, after: nil),
                PropertyChange(path: "list", before: [1, 2], after: [1]),
                PropertyChange(path: "new", before: nil, after: [:]),
                PropertyChange(path: "z.q", before: nil, after: true),
            ])
        #expect(PropertyChange.between(after, after).isEmpty)
        #expect(PropertyChange.between("a", "b") == [PropertyChange(path: "", before: "a", after: "b")])
    }

    @Test("a null is not the same as nothing")
    func null() {
        #expect(
            PropertyChange.between(["a": .null], [:]) == [PropertyChange(path: "a", before: .null, after: nil)])
    }

    @Test(
        "the lines of a difference without the removed are the new text, without the added the old", arguments: 0..<200)
    func lines(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        func text() -> [String] {
            (0..<Int.random(in: 0..<9, using: &generator)).map { _ in "l\(Int.random(in: 0..<4, using: &generator))" }
        }
        let (old, new) = (text(), text())
        let lines = LineDifference(old.joined(separator: "\n"), new.joined(separator: "\n")).lines
        var before: [String] = []
        var after: [String] = []
        for line in lines {
            switch line {
            case .same(let text):
                before.append(String(text))
                after.append(String(text))
            case .removed(let text): before.append(String(text))
            case .added(let text): after.append(String(text))
            case .skipped(let count):
                let start = before.count
                before += old.isEmpty ? [""] : old[start..<(start + count)]
                let from = after.count
                after += new.isEmpty ? [""] : new[from..<(from + count)]
            }
        }
        #expect(before == (old.isEmpty ? [""] : old))
        #expect(after == (new.isEmpty ? [""] : new))
    }

    @Test("texts of very many lines are replaced as a whole rather than compared")
    func long() {
        let old = (0...Limits.comparedLinesMax).map { "a\($0)" }.joined(separator: "\n")
        let new = (0...Limits.comparedLinesMax).map { "b\($0)" }.joined(separator: "\n")
        let lines = LineDifference(old, new).lines
        #expect(lines.count == 2 * (Limits.comparedLinesMax + 1))
    }
}
