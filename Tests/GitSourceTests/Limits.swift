import GitSource
import Testing

@Test("a folder that is no repository is refused")
func notARepository() async {
    await #expect(throws: GitFailure.self) { try GitRepository(opening: "/proc") }
}
