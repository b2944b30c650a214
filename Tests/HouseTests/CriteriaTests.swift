import Foundation
import Testing

/// The acceptance criteria of the walkthroughs, each with a test of the whole program that bears its name.
@Suite struct CriteriaTests {
    /// How many criteria each walkthrough has: A0.1 to A0.7, A1.1 to A1.9 and so on.
    private static let counts = [7, 9, 11, 19, 7, 6]

    private static let all = counts.indices.flatMap { section in
        (1...counts[section]).map { "A\(section).\($0)" }
    }

    /// The ids that the display names of a file's tests begin with: `A1.2: ...`, `A1.2, A1.3 and A1.4: ...`.
    private static func named(in text: String) -> [String] {
        text.matches(of: #/@Test\(\s*"((?:A\d+\.\d+(?:, |\ and\ )?)+):\ \w/#).flatMap { name in
            name.1.matches(of: #/A\d+\.\d+/#).map { String($0.0) }
        }
    }

    @Test("every criterion of the walkthroughs has a test of that name, and no test names another")
    func criteria() throws {
        let folder = Sources.root.appending(path: "Tests/ProgramTests/Walkthroughs")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".swift") }
        var found: Set<String> = []
        for file in files {
            found.formUnion(Self.named(in: try Sources.text("Tests/ProgramTests/Walkthroughs/\(file)")))
        }
        #expect(found.symmetricDifference(Self.all).sorted() == [])
    }

    @Test("a criterion is found in a name only where it begins it")
    func names() {
        #expect(Self.named(in: #"@Test("A1.2: yes")"#) == ["A1.2"])
        let broken = "@Test(\n  \"A1.2, A1.3 and A2.10: yes\","
        #expect(Self.named(in: broken) == ["A1.2", "A1.3", "A2.10"])
        #expect(Self.named(in: #"@Test("what A1.2 says") @Test("A1.2 to A1.4: no")"#) == [])
    }
}
