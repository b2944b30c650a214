import CLibgit2

/// Collects the files of one tree under some paths, without a checkout.
struct TreeWalk {
    private let handle: RepositoryHandle
    private let filesMax: Int
    private var files: [TreeFile] = []
    private var folderCount = 0

    init(_ handle: RepositoryHandle, filesMax: Int = Limits.filesMax) {
        self.handle = handle
        self.filesMax = filesMax
    }

    /// - Returns: Each file once, in UTF-8 byte order of the paths.
    mutating func files(of root: git_oid, under paths: [TreePath]) throws(GitFailure) -> [TreeFile] {
        var walked: Set<[String]> = []
        for path in paths.sorted(by: { $0.parts.count < $1.parts.count }) {
            // A path inside another asked path adds nothing, but must be there.
            let isInside = (0...path.parts.count).contains { walked.contains(Array(path.parts.prefix($0))) }
            try descend(root, path, isCollecting: !isInside)
            walked.insert(path.parts)
        }
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private mutating func descend(_ root: git_oid, _ path: TreePath, isCollecting: Bool) throws(GitFailure) {
        var id = root
        var prefix = ""
        for (position, part) in path.parts.enumerated() {
            let tree = try handle.tree(id, at: prefix)
            let full = prefix + part
            guard let entry = git_tree_entry_byname(tree.pointer, part) else {
                throw GitFailure(.pathNotFound, "`\(path.text)` is not in the commit's tree", path: path.text)
            }
            let isLast = position == path.parts.count - 1
            let mode = git_tree_entry_filemode(entry)
            try refuseLink(mode, at: full)
            if mode != GIT_FILEMODE_TREE {
                guard isLast else {
                    throw GitFailure(
                        .pathNotFound, "`\(path.text)` is not in the commit's tree: `\(full)` is a file",
                        path: path.text)
                }
                if isCollecting { try append(entry, mode, at: full) }
                return
            }
            id = git_tree_entry_id(entry).pointee
            prefix = full + "/"
        }
        if isCollecting { try walk(id, prefix: prefix, depth: path.parts.count) }
    }

    private mutating func walk(_ id: git_oid, prefix: String, depth: Int) throws(GitFailure) {
        folderCount += 1
        guard depth <= Limits.folderDepthMax, folderCount <= Limits.foldersMax else {
            throw GitFailure(
                .tooManyFiles,
                depth > Limits.folderDepthMax
                    ? "`\(prefix.prefix(80))...` is more than \(Limits.folderDepthMax) folders deep"
                    : "more than \(Limits.foldersMax) folders are under the asked paths", path: prefix)
        }
        let tree = try handle.tree(id, at: prefix)
        for position in 0..<git_tree_entrycount(tree.pointer) {
            guard let entry = git_tree_entry_byindex(tree.pointer, position) else { continue }
            guard let name = git_tree_entry_name(entry).flatMap({ String(validatingCString: $0) }) else {
                let shown = git_tree_entry_name(entry).map { String(cString: $0) } ?? ""
                throw GitFailure(
                    .nameNotUTF8, "the name of `\(prefix)\(shown)` is not UTF-8: rename it", path: prefix + shown)
            }
            let path = prefix + name
            guard TreePath.isSafe(name) else {
                throw GitFailure(.unsafePath, "`\(path)` is a name that no checkout may have", path: path)
            }
            let mode = git_tree_entry_filemode(entry)
            try refuseLink(mode, at: path)
            if mode == GIT_FILEMODE_TREE {
                try walk(git_tree_entry_id(entry).pointee, prefix: path + "/", depth: depth + 1)
            } else {
                try append(entry, mode, at: path)
            }
        }
    }

    private mutating func append(
        _ entry: OpaquePointer, _ mode: git_filemode_t, at path: String
    ) throws(GitFailure) {
        guard files.count < filesMax else {
            throw GitFailure(
                .tooManyFiles, "more than \(filesMax) files are under the asked paths", path: path)
        }
        var size = 0
        var type = GIT_OBJECT_ANY
        let result = git_odb_read_header(&size, &type, handle.objects, git_tree_entry_id(entry))
        guard result == 0 else { throw GitFailure(reading: "`\(path)`", result, path: path) }
        guard type == GIT_OBJECT_BLOB else {
            throw GitFailure(.objectCorrupt, "`\(path)` is damaged: it is no file's content", path: path)
        }
        files.append(
            TreeFile(
                path: path, blob: BlobID(git_tree_entry_id(entry).pointee), size: size,
                isExecutable: mode == GIT_FILEMODE_BLOB_EXECUTABLE))
    }

    private func refuseLink(_ mode: git_filemode_t, at path: String) throws(GitFailure) {
        if mode == GIT_FILEMODE_LINK {
            throw GitFailure(
                .symbolicLink, "`\(path)` is a symbolic link, which is not followed: put the file there", path: path)
        }
        if mode == GIT_FILEMODE_COMMIT {
            throw GitFailure(
                .submodule, "`\(path)` is a submodule, which is not read: put the files there", path: path)
        }
    }
}
