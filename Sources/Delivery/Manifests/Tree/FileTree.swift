package import Diagnostics

/// The files that manifests are read from: a commit's tree, a working tree, or a test's dictionary.
///
/// Paths are relative to the root, with `/` between the parts and no `.` or `..` among them; the root itself is the
/// empty path. No symbolic link is followed, and none is listed.
package protocol FileTree: Sendable {
    /// Every file under a folder, at any depth, or the file itself where `path` names one; empty for what is not there.
    ///
    /// - Returns: In the byte order of their paths, each path once; `.git` and `.gatewright` are never among them.
    func list(under path: String) async throws(TreeFailure) -> [TreeEntry]

    /// The bytes of one file; nil if there is no such file.
    ///
    /// - Throws: `tree.file-too-large` for more than `byteLimit` bytes, `tree.unreadable`.
    func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]?

    /// The bytes of many files, in the order asked for; nil where there is no such file. As good as reading one after
    /// the other, and cheaper where a tree can answer at once.
    func read(_ paths: [String], byteLimit: Int) async throws(TreeFailure) -> [[UInt8]?]
}

extension FileTree {
    package func read(_ paths: [String], byteLimit: Int) async throws(TreeFailure) -> [[UInt8]?] {
        var files: [[UInt8]?] = []
        files.reserveCapacity(paths.count)
        for path in paths { files.append(try await read(path, byteLimit: byteLimit)) }
        return files
    }
}

/// A file of a tree.
package struct TreeEntry: Sendable, Hashable {
    /// Relative to the root.
    package var path: String
    package var byteCount: Int
    /// Equal ids, equal bytes; nil where nobody knows before the file is read.
    package var contentID: String?
    package var isExecutable: Bool

    package init(path: String, byteCount: Int, contentID: String? = nil, isExecutable: Bool = false) {
        self.isExecutable = isExecutable
        self.path = path
        self.byteCount = byteCount
        self.contentID = contentID
    }
}

/// Files that could not be read, whatever stands in them.
package struct TreeFailure: Failure {
    package enum Code: String, StableCode {
        case unreadable = "tree.unreadable"
        case fileTooLarge = "tree.file-too-large"
    }

    package let code: Code
    package let message: String
    package let recovery: Recovery
    package let cause: (any Error)?

    /// - Parameter recovery: What helps; a file that is too large needs a commit.
    package init(_ code: Code, _ message: String, recovery: Recovery = .awaitCommit, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.recovery = recovery
        self.cause = cause
    }
}

extension TreeFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .unreadable:
            Explanation(
                meaning: "a file of the commit or of the working tree could not be read",
                cause: "missing rights, a damaged repository, a file that vanished while it was read",
                remedy: "see the cause at the end of the message; `git fsck` checks a repository")
        case .fileTooLarge:
            Explanation(
                meaning: "a file has more bytes than may be read of its kind",
                cause: "a manifest may have 1 MiB, an OpenAPI definition 6 MiB",
                remedy: "split the file, or take what is no manifest out of `spec.manifests`")
        }
    }
}
