import CLibgit2

extension GitRepository {
    /// The commit that a name stands for.
    ///
    /// - Parameter ref: A branch, a tag, `origin/branch`, a full or short id, also with `~` and `^` behind; empty is
    ///   `HEAD`. Searches by text (`:/`) and by time (`@{...}`) are not offered.
    /// - Throws: `git.unborn-branch`, `git.unknown-ref`, `git.ambiguous-ref`, `git.object-missing`,
    ///   `git.object-corrupt`.
    package func resolve(_ ref: String) throws(GitFailure) -> CommitID {
        let name = ref.isEmpty ? "HEAD" : ref
        guard !name.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: ":") }),
            !name.utf8.contains("@{".utf8)
        else {
            throw GitFailure(.unknownRef, "`\(ref)` is not a name of a branch, a tag or a commit")
        }
        try refuseBranchAndTag(name)
        var object: OpaquePointer?
        let result = git_revparse_single(&object, handle.repository, name)
        guard result == 0, let object else { throw failure(resolving: name, result) }
        defer { git_object_free(object) }
        var commit: OpaquePointer?
        let peeled = git_object_peel(&commit, object, GIT_OBJECT_COMMIT)
        guard peeled == 0, let commit else {
            if peeled == GIT_ENOTFOUND.rawValue { throw GitFailure(reading: "the commit of `\(name)`", peeled) }
            throw GitFailure(.unknownRef, "`\(name)` does not name a commit")
        }
        defer { git_object_free(commit) }
        return CommitID(git_object_id(commit).pointee)
    }

    /// The metadata of a commit.
    ///
    /// - Throws: `git.object-missing`, `git.object-corrupt`.
    package func commit(_ id: CommitID) throws(GitFailure) -> Commit {
        let object = try lookUp(id)
        guard let tree = git_commit_tree_id(object.pointer), let author = git_commit_author(object.pointer),
            let committer = git_commit_committer(object.pointer)
        else { throw GitFailure(.objectCorrupt, "commit \(id.short) is damaged: it lacks its tree or author") }
        return Commit(
            id: id, tree: TreeID(tree.pointee), author: Commit.Signature(author.pointee),
            committer: Commit.Signature(committer.pointee), summary: text(git_commit_summary(object.pointer)),
            message: text(git_commit_message(object.pointer)),
            parents: (0..<git_commit_parentcount(object.pointer)).compactMap { position in
                git_commit_parent_id(object.pointer, position).map { CommitID($0.pointee) }
            })
    }

    func lookUp(_ id: CommitID) throws(GitFailure) -> Handle {
        var raw = id.raw
        var commit: OpaquePointer?
        let result = git_commit_lookup(&commit, handle.repository, &raw)
        guard result == 0, let commit else { throw GitFailure(reading: "commit \(id.short)", result) }
        return Handle(commit, freedBy: git_commit_free)
    }

    private func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

    /// git takes the tag and warns; which one is deployed must not hang on a warning.
    private func refuseBranchAndTag(_ name: String) throws(GitFailure) {
        let base = String(name.prefix { $0 != "~" && $0 != "^" })
        guard let branch = target(of: "refs/heads/" + base), let tag = target(of: "refs/tags/" + base), branch != tag
        else { return }
        throw GitFailure(
            .ambiguousRef,
            "`\(base)` is a branch and a tag: write `refs/heads/\(base)` or `refs/tags/\(base)`")
    }

    private func target(of reference: String) -> CommitID? {
        var id = git_oid()
        guard git_reference_name_to_id(&id, handle.repository, reference) == 0 else { return nil }
        var object: OpaquePointer?
        guard git_object_lookup(&object, handle.repository, &id, GIT_OBJECT_ANY) == 0, let object else {
            return CommitID(id)
        }
        defer { git_object_free(object) }
        var commit: OpaquePointer?
        guard git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0, let commit else { return CommitID(id) }
        defer { git_object_free(commit) }
        return CommitID(git_object_id(commit).pointee)
    }

    private func failure(resolving name: String, _ result: Int32) -> GitFailure {
        let message = GitFailure.lastLibraryMessage
        let isHead = name.prefix { $0 != "~" && $0 != "^" } == "HEAD"
        if result == GIT_EUNBORNBRANCH.rawValue || (isHead && git_repository_head_unborn(handle.repository) == 1) {
            return GitFailure(.unbornBranch, "the branch at HEAD has no commit yet: commit the manifests first")
        }
        switch result {
        case GIT_EAMBIGUOUS.rawValue where name.utf8.count < 4:
            return GitFailure(.unknownRef, "no branch or tag is named `\(name)`, and an id needs at least 4 digits")
        case GIT_EAMBIGUOUS.rawValue:
            return GitFailure(.ambiguousRef, "several objects have an id that begins with `\(name)`: write more of it")
        case GIT_ENOTFOUND.rawValue where target(of: "refs/remotes/origin/" + name) != nil:
            return GitFailure(.unknownRef, "no branch or tag is named `\(name)` here: write `origin/\(name)`")
        case GIT_ENOTFOUND.rawValue, GIT_EINVALIDSPEC.rawValue:
            return GitFailure(.unknownRef, "no branch, tag or commit is named `\(name)`")
        default:
            return GitFailure(.objectCorrupt, "`\(name)` cannot be read: \(message)")
        }
    }
}

extension Commit.Signature {
    init(_ signature: git_signature) {
        name = signature.name.map { String(cString: $0) } ?? ""
        email = signature.email.map { String(cString: $0) } ?? ""
        timeSeconds = signature.when.time
        offsetMinutes = Int(signature.when.offset)
    }
}
