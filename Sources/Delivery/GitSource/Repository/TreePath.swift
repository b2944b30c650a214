/// A path in a commit's tree that cannot leave it.
struct TreePath: Hashable {
    /// Empty for the root.
    let parts: [String]

    /// - Parameter text: Relative to the root; `.` parts and a slash at the end are ignored.
    init(_ text: String) throws(GitFailure) {
        guard !text.hasPrefix("/") else {
            throw GitFailure(
                .unsafePath, "`\(text)` is absolute: write it relative to the root of the repository", path: text)
        }
        var parts: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
            guard Self.isSafe(part) else {
                throw GitFailure(.unsafePath, "`\(text)` is not a path inside the repository's tree", path: text)
            }
            parts.append(String(part))
        }
        self.parts = parts
    }

    /// False for what no checkout may have as a file's name.
    static func isSafe(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name != "." && name != ".." && name.lowercased() != ".git"
            && !name.utf8.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "/") }
    }

    var text: String { parts.joined(separator: "/") }
}
