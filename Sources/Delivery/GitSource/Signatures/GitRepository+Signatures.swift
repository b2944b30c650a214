import CLibgit2

extension GitRepository {
    /// Checks that a commit is signed by someone who may make all changes since the commit that was applied last.
    ///
    /// The signature of this commit vouches for what it has, whoever made the commits in between.
    ///
    /// - Parameter base: What was applied last; nil, or a commit that is not here any more, makes every file a change.
    /// - Throws: `git.commit-unsigned`, `git.signature-bad`, `git.signer-unknown`, `git.signer-expired`,
    ///   `git.signer-not-allowed`, `git.signature-tool-missing`, `git.signers-unreadable`, and as reading a commit.
    package func verify(
        _ commit: CommitID, since base: CommitID?, _ policy: SignaturePolicy
    ) async throws(GitFailure) {
        try await overlaid().verifyHere(commit, since: base, policy)
    }

    private func verifyHere(
        _ commit: CommitID, since base: CommitID?, _ policy: SignaturePolicy
    ) throws(GitFailure) {
        let signature = try signature(of: commit)
        var check = SignatureCheck(commit: commit, signature: signature, policy: policy)
        var isJudged = false
        for path in try changedPaths(from: base, to: commit) {
            isJudged = true
            try check.allow(path)
        }
        // A commit that changes nothing is still to be someone's.
        if !isJudged { try check.allowAny() }
    }

    private func signature(of commit: CommitID) throws(GitFailure) -> CommitSignature {
        _ = try handle.commit(commit)
        var (text, payload, id) = (git_buf(), git_buf(), commit.raw)
        defer {
            git_buf_dispose(&text)
            git_buf_dispose(&payload)
        }
        let result = git_commit_extract_signature(&text, &payload, handle.repository, &id, nil)
        if result == GIT_ENOTFOUND.rawValue {
            throw GitFailure(.commitUnsigned, "commit \(commit.short) has no signature: sign it with `git commit -S`")
        }
        guard result == 0 else { throw GitFailure(reading: "the signature of commit \(commit.short)", result) }
        return CommitSignature(text: Self.bytes(text), payload: Self.bytes(payload))
    }

    private static func bytes(_ buffer: git_buf) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.ptr == nil ? 0 : buffer.size))
    }

    /// Every path that differs, without a search for renames: both names of a renamed file are changes.
    private func changedPaths(from base: CommitID?, to commit: CommitID) throws(GitFailure) -> [String] {
        var before: OpaquePointer?
        if let base {
            do {
                before = try tree(of: base)
            } catch {
                guard error.code == .objectMissing else { throw error }
            }
        }
        defer { git_tree_free(before) }
        let after = try tree(of: commit)
        defer { git_tree_free(after) }
        var options = git_diff_options()
        git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        options.flags = GIT_DIFF_INCLUDE_TYPECHANGE.rawValue | GIT_DIFF_SKIP_BINARY_CHECK.rawValue
        options.ignore_submodules = GIT_SUBMODULE_IGNORE_NONE
        var difference: OpaquePointer?
        let result = git_diff_tree_to_tree(&difference, handle.repository, before, after, &options)
        guard result == 0, let difference else {
            throw GitFailure(reading: "what commit \(commit.short) changes", result)
        }
        defer { git_diff_free(difference) }
        var paths: [String] = []
        for position in 0..<git_diff_num_deltas(difference) {
            guard let delta = git_diff_get_delta(difference, position)?.pointee else { continue }
            for file in [delta.old_file, delta.new_file] {
                if let path = file.path.map({ String(cString: $0) }), paths.last != path { paths.append(path) }
            }
        }
        return paths
    }

    private func tree(of id: CommitID) throws(GitFailure) -> OpaquePointer {
        let object = try handle.commit(id)
        var tree: OpaquePointer?
        let result = git_commit_tree(&tree, object.pointer)
        guard result == 0, let tree else { throw GitFailure(reading: "the tree of commit \(id.short)", result) }
        return tree
    }
}
