import CLibgit2

extension GitRepository {
    /// What differs between HEAD, the index and the working tree; ignored files are left out.
    ///
    /// - Parameter paths: Files or folders relative to the root; none is everything.
    /// - Returns: In UTF-8 byte order, at most 1,000; empty for a bare repository.
    package func changedPaths(under paths: [String] = []) throws(GitFailure) -> [ChangedPath] {
        guard git_repository_is_bare(handle.repository) == 0 else { return [] }
        var asked: [TreePath] = []
        for path in paths { asked.append(try TreePath(path)) }
        try checkTreesAtHead()
        var options = git_status_options()
        git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
        options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
        options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS.rawValue
        var list: OpaquePointer?
        guard git_status_list_new(&list, handle.repository, &options) == 0, let list else {
            throw GitFailure(.unreadable, "the working tree cannot be compared: \(GitFailure.lastLibraryMessage)")
        }
        defer { git_status_list_free(list) }
        var changes: [ChangedPath] = []
        for position in 0..<git_status_list_entrycount(list) {
            guard let entry = git_status_byindex(list, position)?.pointee else { continue }
            let delta = entry.index_to_workdir ?? entry.head_to_index
            guard let delta, let path = delta.pointee.new_file.path ?? delta.pointee.old_file.path,
                let change = ChangedPath.Change(entry.status)
            else { continue }
            let changed = ChangedPath(path: String(cString: path), change: change)
            if asked.isEmpty || asked.contains(where: { $0.holds(changed.path) }) { changes.append(changed) }
        }
        let sorted = changes.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return Array(sorted.prefix(Limits.changedPathsMax))
    }

    /// The comparison reads the commit at HEAD and its folders, but no file.
    private func checkTreesAtHead() throws(GitFailure) {
        guard git_repository_head_unborn(handle.repository) == 0 else { return }
        let object = try handle.commit(resolve("HEAD"))
        guard let root = git_commit_tree_id(object.pointer) else { return }
        var open = [(id: root.pointee, path: "")]
        var seen: Set<TreeID> = []
        while let (id, path) = open.popLast() {
            guard seen.insert(TreeID(id)).inserted else { continue }
            let tree = try handle.tree(id, at: path)
            for position in 0..<git_tree_entrycount(tree.pointer) {
                guard let entry = git_tree_entry_byindex(tree.pointer, position),
                    git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE, let name = git_tree_entry_name(entry)
                else { continue }
                open.append((git_tree_entry_id(entry).pointee, path + String(cString: name) + "/"))
            }
        }
    }

    /// True if the index has a file of that path, or a file in a folder of that path.
    package func isTracked(_ path: String) throws(GitFailure) -> Bool {
        let text = try TreePath(path).text
        var index: OpaquePointer?
        guard git_repository_index(&index, handle.repository) == 0, let index else {
            throw GitFailure(.unreadable, "the index cannot be read: \(GitFailure.lastLibraryMessage)")
        }
        defer { git_index_free(index) }
        guard git_index_read(index, 0) == 0 else {
            throw GitFailure(.unreadable, "the index cannot be read: \(GitFailure.lastLibraryMessage)")
        }
        if text.isEmpty { return git_index_entrycount(index) > 0 }
        if git_index_get_bypath(index, text, 0) != nil { return true }
        return git_index_find_prefix(nil, index, text + "/") == 0
    }
}

extension TreePath {
    /// True for the path itself and for what is in its folder.
    fileprivate func holds(_ path: String) -> Bool {
        parts.isEmpty || path == text || path.hasPrefix(text + "/")
    }
}

extension ChangedPath.Change {
    fileprivate init?(_ status: git_status_t) {
        let bits = status.rawValue
        func has(_ flags: git_status_t...) -> Bool { flags.contains { bits & $0.rawValue != 0 } }
        if has(GIT_STATUS_CONFLICTED) {
            self = .conflicted
        } else if has(GIT_STATUS_INDEX_DELETED, GIT_STATUS_WT_DELETED) {
            self = .deleted
        } else if has(GIT_STATUS_WT_NEW) {
            self = .untracked
        } else if has(GIT_STATUS_INDEX_NEW) {
            self = .added
        } else if bits == GIT_STATUS_CURRENT.rawValue || has(GIT_STATUS_IGNORED) {
            return nil
        } else {
            self = .modified
        }
    }
}
