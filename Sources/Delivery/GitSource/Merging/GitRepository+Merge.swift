import CLibgit2

extension GitRepository {
    /// What a merge of `head` into `base` gives, as `git merge` would make it: three-way, with renames found, from
    /// several merge bases where histories crossed. Nothing is written into the repository.
    ///
    /// - Throws: `git.shallow`, `git.unrelated-histories`, `git.object-missing`, `git.object-corrupt`,
    ///   `git.unreadable`.
    package func merge(base: CommitID, head: CommitID) async throws(GitFailure) -> MergeResult {
        try await overlaid().mergeHere(base: base, head: head)
    }

    /// The commit where two histories parted; one of several where they crossed.
    ///
    /// - Throws: as ``merge(base:head:)``.
    package func mergeBase(of first: CommitID, and second: CommitID) async throws(GitFailure) -> CommitID {
        try await overlaid().mergeBaseHere(first, second)
    }

    /// True if the history was cut off when the repository was cloned.
    package var isShallow: Bool { git_repository_is_shallow(handle.repository) == 1 }

    func overlaid() throws(GitFailure) -> GitRepository {
        guard let folder = workingFolder ?? git_repository_path(handle.repository).map({ String(cString: $0) }) else {
            throw GitFailure(.unreadable, "the repository's own folder is not known")
        }
        return try GitRepository(overlaying: folder)
    }

    private func mergeHere(base: CommitID, head: CommitID) throws(GitFailure) -> MergeResult {
        let parting = try mergeBaseHere(base, head)
        let ours = try handle.commit(base)
        let theirs = try handle.commit(head)
        if parting == head { return .merged(try unchanged(ours, .alreadyMerged, parting)) }
        if parting == base { return .merged(try unchanged(theirs, .fastForward, parting)) }
        var options = git_merge_options()
        git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION))
        options.recursion_limit = Limits.mergeBasesMax
        var index: OpaquePointer?
        let result = git_merge_commits(&index, handle.repository, ours.pointer, theirs.pointer, &options)
        guard result == 0, let index else {
            throw GitFailure(reading: "an object of the merge of \(head.short) into \(base.short)", result)
        }
        defer { git_index_free(index) }
        let conflicts = try conflicts(in: index)
        guard conflicts.isEmpty else { return .conflicts(conflicts) }
        var tree = git_oid()
        let written = git_index_write_tree_to(&tree, index, handle.repository)
        guard written == 0 else {
            throw GitFailure(reading: "the merge of \(head.short) into \(base.short)", written)
        }
        return .merged(MergedTree(repository: self, id: TreeID(tree), way: .merge, mergeBase: parting))
    }

    private func unchanged(
        _ commit: borrowing Handle, _ way: MergedTree.Way, _ parting: CommitID
    ) throws(GitFailure) -> MergedTree {
        guard let tree = git_commit_tree_id(commit.pointer) else {
            throw GitFailure(.objectCorrupt, "a commit of the merge is damaged: it has no tree")
        }
        return MergedTree(repository: self, id: TreeID(tree.pointee), way: way, mergeBase: parting)
    }

    private func mergeBaseHere(_ first: CommitID, _ second: CommitID) throws(GitFailure) -> CommitID {
        // A name that is not there is not for want of history.
        _ = try handle.commit(first)
        _ = try handle.commit(second)
        if first == second { return first }
        var (one, two, base) = (first.raw, second.raw, git_oid())
        git_error_clear()
        let result = git_merge_base(&base, handle.repository, &one, &two)
        if result == 0 { return CommitID(base) }
        let pair = "\(first.short) and \(second.short)"
        if isShallow {
            throw GitFailure(
                .shallow,
                "where \(pair) parted is not in this shallow clone: run `git fetch --unshallow`, or check out with "
                    + "`fetch-depth: 0`")
        }
        if result == GIT_ENOTFOUND.rawValue, git_error_last()?.pointee.klass != Int32(GIT_ERROR_ODB.rawValue) {
            throw GitFailure(.unrelatedHistories, "\(pair) have no commit in common, so they cannot be merged")
        }
        throw GitFailure(reading: "the history of \(pair)", result)
    }

    private func conflicts(in index: OpaquePointer) throws(GitFailure) -> [MergeConflict] {
        guard git_index_has_conflicts(index) == 1 else { return [] }
        var iterator: OpaquePointer?
        guard git_index_conflict_iterator_new(&iterator, index) == 0, let iterator else {
            throw GitFailure(.unreadable, "the conflicts cannot be read: \(GitFailure.lastLibraryMessage)")
        }
        defer { git_index_conflict_iterator_free(iterator) }
        var kinds: [String: MergeConflict.Kind] = [:]
        var ancestor, ours, theirs: UnsafePointer<git_index_entry>?
        while kinds.count < Limits.conflictsMax, git_index_conflict_next(&ancestor, &ours, &theirs, iterator) == 0 {
            guard let path = (ours ?? theirs ?? ancestor)?.pointee.path else { continue }
            let kind: MergeConflict.Kind =
                switch (ancestor != nil, ours != nil, theirs != nil) {
                case (true, true, true): .bothModified
                case (false, true, true): .bothAdded
                case (true, true, false): .deletedInHead
                case (true, false, true): .deletedInBase
                default: .moved
                }
            kinds[String(cString: path)] = kind
        }
        return kinds.map { MergeConflict(path: $0.key, kind: $0.value) }
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}
