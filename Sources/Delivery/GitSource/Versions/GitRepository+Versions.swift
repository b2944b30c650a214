import CLibgit2

extension GitRepository {
    /// What a version range is written behind in a ref: `semver:>=1.2 <2`.
    package static let rangePrefix = "semver:"

    /// The highest version among the tags that a range wants.
    ///
    /// - Throws: `git.bad-version-range`, `git.unknown-ref`, `git.unreadable`.
    func tag(in text: String) throws(GitFailure) -> String {
        let written = text.dropFirst(Self.rangePrefix.count)
        guard written.utf8.count <= Limits.versionRangeBytesMax, let range = VersionRange(String(written)) else {
            throw GitFailure(
                .badVersionRange,
                "`\(text.prefix(100))` has no version range: write it as `semver:>=1.2 <2` or `semver:^1.4`")
        }
        var best: (version: SemanticVersion, name: String)?
        for name in try tagNames() {
            guard let version = SemanticVersion(tag: name), range.contains(version) else { continue }
            if let found = best {
                // Two names of one version: the same one of them on each machine.
                guard found.version < version || (found.version == version && found.name < name) else { continue }
            }
            best = (version, name)
        }
        guard let best else {
            throw GitFailure(.unknownRef, "no tag has a version in `\(text)`")
        }
        return best.name
    }

    private func tagNames() throws(GitFailure) -> [String] {
        var list = git_strarray()
        guard git_tag_list(&list, handle.repository) == 0 else {
            throw GitFailure(.unreadable, "the tags cannot be listed: \(GitFailure.lastLibraryMessage)")
        }
        defer { git_strarray_dispose(&list) }
        return (0..<list.count).compactMap { list.strings[$0].map { String(cString: $0) } }
    }
}
