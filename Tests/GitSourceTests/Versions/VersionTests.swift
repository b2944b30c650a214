import Testing

@testable import GitSource

@Suite("Versions and ranges of them")
struct VersionTests {
    @Test("versions are ordered as semver.org has it")
    func order() throws {
        let texts = [
            "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "v1.0.1", "1.2.0", "1.10.0", "2.0.0-0", "2.0.0",
        ]
        let versions = try texts.map { try #require(SemanticVersion(tag: $0), "\($0)") }
        for (first, second) in zip(versions, versions.dropFirst()) { #expect(first < second && !(second < first)) }
        #expect(SemanticVersion(tag: "1.0.0+linux") == SemanticVersion(tag: "1.0.0+mac"))
    }

    @Test(
        "what is no version is none",
        arguments: [
            "", "v", "1", "1.2", "1.2.x", "01.2.3", "1.2.3-", "1.2.3-a..b", "1.2.3-01", "1.2.3.4", "x1.2.3", "1.-2.3",
            "99999999999999999999.0.0", "release",
        ])
    func none(_ text: String) { #expect(SemanticVersion(tag: text) == nil) }

    @Test(
        "a range has what it says and nothing else",
        arguments: [
            (">=1.2 <2", ["1.2.0", "1.99.9"], ["1.1.9", "2.0.0", "1.5.0-rc.1"]),
            (">=1.2.0, <2.0.0", ["1.2.0"], ["2.0.0"]), ("^1.4", ["1.4.0", "1.9.0"], ["1.3.9", "2.0.0"]),
            ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0", "0.2.2"]), ("^0.0.3", ["0.0.3"], ["0.0.4"]),
            ("^0", ["0.9.9"], ["1.0.0"]), ("~1.2.3", ["1.2.3", "1.2.9"], ["1.3.0"]),
            ("~1", ["1.0.0", "1.9.9"], ["2.0.0"]), ("1.x", ["1.0.0", "1.7.1"], ["2.0.0", "0.9.0"]),
            ("1.2.*", ["1.2.7"], ["1.3.0"]), ("*", ["0.0.1", "9.9.9"], ["1.0.0-a"]), ("1.2.3", ["1.2.3"], ["1.2.4"]),
            ("1.2 - 1.4", ["1.2.0", "1.4.9"], ["1.5.0"]), ("<1 || >=3.1", ["0.1.0", "3.1.0"], ["1.0.0", "3.0.9"]),
            (">1.2", ["1.3.0"], ["1.2.9"]), ("<=1.2", ["1.2.9"], ["1.3.0"]), ("!=1.2.3 1.x", ["1.2.4"], ["1.2.3"]),
            (">= 1.0.0-0", ["1.0.0-rc.1", "1.0.0"], ["0.9.0"]), (">*", [], ["1.0.0"]),
            ("^18446744073709551615", ["18446744073709551615.0.0"], ["1.0.0"]),
        ])
    func range(_ text: String, _ inside: [String], _ outside: [String]) throws {
        let range = try #require(VersionRange(text))
        for version in inside { #expect(range.contains(try #require(SemanticVersion(tag: version))), "\(version)") }
        for version in outside { #expect(!range.contains(try #require(SemanticVersion(tag: version))), "\(version)") }
    }

    @Test(
        "what is no range is none",
        arguments: ["", " ", "|", "1 |", "1 || ", "1 | 2", ">>1", "latest", ">=", "1 -", "^"])
    func noRange(_ text: String) { #expect(VersionRange(text) == nil) }

    @Test("a range in a ref is the highest tag that it wants")
    func tags() async throws {
        let fixture = try Fixture()
        var commits: [String: CommitID] = [:]
        for tag in ["v1.2.0", "1.10.0", "v2.0.0", "v2.1.0-rc.1", "nightly"] {
            commits[tag] = try fixture.commit(["a": tag])
            try fixture.git("tag", "--annotate", "--message", tag, tag)
        }
        let repository = try fixture.open()
        #expect(try await repository.resolve("semver:^1") == commits["1.10.0"])
        #expect(try await repository.resolve("semver:>=1.2 <2") == commits["1.10.0"])
        #expect(try await repository.resolve("semver:*") == commits["v2.0.0"])
        #expect(try await repository.resolve("semver:>=2.1.0-0") == commits["v2.1.0-rc.1"])
        #expect(await failure { _ = try await repository.resolve("semver:>3") }?.code == .unknownRef)
        #expect(await failure { _ = try await repository.resolve("semver:newest") }?.code == .badVersionRange)
    }
}
