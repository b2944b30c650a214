import CLibgit2

extension GitRepository {
    /// What stands at some paths of a commit, without reading it.
    ///
    /// - Parameter paths: Files or folders, relative to the root; `""` is the root itself.
    /// - Returns: By path, a text that is the same for the same content of the same mode, at any depth; what is not there
    ///   is left out. Folders that were asked for before cost nothing.
    /// - Throws: `git.unsafe-path`, `git.object-missing`, `git.object-corrupt`.
    package func contents(of commit: CommitID, at paths: [String]) throws(GitFailure) -> [String: String] {
        let object = try handle.commit(commit)
        guard let root = git_commit_tree_id(object.pointer) else {
            throw GitFailure(.objectCorrupt, "commit \(commit.short) is damaged: it has no tree")
        }
        return try contents(in: TreeID(root.pointee), at: paths)
    }

    /// What stands at some paths of a tree, as ``contents(of:at:)`` says it of a commit.
    package func contents(in tree: TreeID, at paths: [String]) throws(GitFailure) -> [String: String] {
        var found: [String: String] = [:]
        for path in paths { found[path] = try content(at: TreePath(path), in: tree.raw) }
        return found
    }

    private func content(at path: TreePath, in root: git_oid) throws(GitFailure) -> String? {
        var entry = FolderEntry(id: root, mode: GIT_FILEMODE_TREE)
        var prefix = ""
        for part in path.parts {
            guard entry.mode == GIT_FILEMODE_TREE, let next = try handle.folder(entry.id, at: prefix)[part] else {
                return nil
            }
            entry = next
            prefix += part + "/"
        }
        return "\(entry.mode.rawValue):\(TreeID(entry.id).hex)"
    }
}

/// What a folder says about one of its entries.
struct FolderEntry {
    let id: git_oid
    let mode: git_filemode_t
}

/// The entries of folders by their ids, which name their content: what was read once stays right.
struct FolderMemory {
    private var folders: [TreeID: [String: FolderEntry]] = [:]

    subscript(id: TreeID) -> [String: FolderEntry]? {
        get { folders[id] }
        set {
            if folders.count >= Limits.foldersKept { folders = [:] }
            folders[id] = newValue
        }
    }
}

extension RepositoryHandle {
    /// Names that are not UTF-8 are left out: no path can ask for them.
    fileprivate func folder(_ id: git_oid, at path: String) throws(GitFailure) -> [String: FolderEntry] {
        if let known = folders[TreeID(id)] { return known }
        let tree = try tree(id, at: path)
        var entries: [String: FolderEntry] = [:]
        for position in 0..<git_tree_entrycount(tree.pointer) {
            guard let entry = git_tree_entry_byindex(tree.pointer, position),
                let name = git_tree_entry_name(entry).flatMap({ String(validatingCString: $0) })
            else { continue }
            entries[name] = FolderEntry(id: git_tree_entry_id(entry).pointee, mode: git_tree_entry_filemode(entry))
        }
        folders[TreeID(id)] = entries
        return entries
    }
}
