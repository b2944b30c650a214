import Resources
import Testing

@testable import Manifests

/// Files in which the code of functions differs.
@Suite("Differences of code")
struct CodeDifferenceTests {
    private func archive(_ files: [(String, String)], executable: Set<String> = []) -> [UInt8] {
        var writer = ZipWriter()
        for (path, text) in files { writer.add(path, Array(text.utf8), isExecutable: executable.contains(path)) }
        return writer.finished()
    }

    @Test("files that came, went or differ are named, and those that are equal are not")
    func files() throws {
        let old = archive([("a", "1"), ("b/c", "same"), ("b/d", "2"), ("run", "x")])
        let new = archive([("b/c", "same"), ("b/d", "3"), ("e", ""), ("run", "x")], executable: ["run"])
        let difference = try #require(CodeDifference(from: old, to: new))
        #expect(difference.added == ["e"] && difference.removed == ["a"])
        // One that may be run now is another file.
        #expect(difference.changed == ["b/d", "run"])
        #expect(difference.moreCount == 0)
        let none = try #require(CodeDifference(from: old, to: old))
        #expect(none.added + none.changed + none.removed == [])
    }

    @Test("of many files some are named and the others counted")
    func many() throws {
        let new = archive((0..<100).map { ("f\($0)", "x") })
        let difference = try #require(CodeDifference(from: archive([]), to: new))
        #expect(difference.added.count == 40 && difference.moreCount == 60)
    }

    @Test("what is no archive of ours has no difference, cut anywhere or changed in any byte")
    func damaged() {
        let good = archive([("a", "1"), ("b", "22")])
        #expect(CodeDifference(from: [], to: good) == nil)
        #expect(CodeDifference(from: good, to: Array("not an archive, but as long as one".utf8)) == nil)
        for length in 0..<good.count { #expect(CodeDifference(from: Array(good[..<length]), to: good) == nil) }
        for position in good.indices {
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var bad = good
                bad[position] = value
                _ = CodeDifference(from: bad, to: good)
            }
        }
    }
}
