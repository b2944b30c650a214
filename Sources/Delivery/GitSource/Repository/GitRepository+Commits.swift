import CLibgit2

extension GitRepository {
    /// The commit that a name stands for.
    ///
    /// - Parameter ref: A branch, a tag, `origin/branch`, a full or short id, also with `~N` and `^N` behind; a range of
    ///   versions, `semver:>=1.2 <2`, whose highest tag is meant; empty is `HEAD`. Searches by text (`:/`) and by time (`@{...}`) are not offered.
    /// - Throws: `git.unborn-branch`, `git.unknown-ref`, `git.ambiguous-ref`, `git.bad-version-range`, `git.object-missing`,
    ///   `git.object-corrupt`.
    package func resolve(_ ref: String) throws(GitFailure) -> CommitID {
        let ref = ref.hasPrefix(Self.rangePrefix) ? "refs/tags/" + (try tag(in: ref)) : ref
        let name = try RevisionName(ref)
        var commit = try base(name)
        for step in name.steps {
            switch step {
            case .back(let count): for _ in 0..<count { commit = try parent(1, of: commit, name) }
            case .parent(let number): commit = try parent(number, of: commit, name)
            }
        }
        return commit
    }

    /// The metadata of a commit.
    ///
    /// - Throws: `git.object-missing`, `git.object-corrupt`.
    package func commit(_ id: CommitID) throws(GitFailure) -> Commit {
        let object = try handle.commit(id)
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

    private func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

    private func parent(_ number: Int, of id: CommitID, _ name: RevisionName) throws(GitFailure) -> CommitID {
        guard number > 0 else { return id }
        let object = try handle.commit(id)
        guard let parent = git_commit_parent_id(object.pointer, UInt32(number - 1)) else {
            throw GitFailure(.unknownRef, "`\(name.text)` goes back further than the history")
        }
        return CommitID(parent.pointee)
    }

    /// A full id, then a branch or tag, then a short id: git's order.
    private func base(_ name: RevisionName) throws(GitFailure) -> CommitID {
        if let id = CommitID(hex: name.base) { return try peel(id.raw, name.base) }
        if name.base == "HEAD", git_repository_head_unborn(handle.repository) == 1 {
            throw GitFailure(.unbornBranch, "the branch at HEAD has no commit yet: commit the manifests first")
        }
        let branch = try target(of: "refs/heads/" + name.base)
        let tag = try target(of: "refs/tags/" + name.base)
        // git takes the tag and warns; which one is deployed must not hang on a warning.
        if let branch, let tag, try peel(branch, name.base) != peel(tag, name.base) {
            throw GitFailure(
                .ambiguousRef,
                "`\(name.base)` is a branch and a tag: write `refs/heads/\(name.base)` or `refs/tags/\(name.base)`")
        }
        let others = ["", "refs/", "refs/remotes/"]
        for prefix in others {
            if prefix == "refs/remotes/", let local = tag ?? branch { return try peel(local, name.base) }
            if let other = try target(of: prefix + name.base) { return try peel(other, name.base) }
        }
        if let id = try shortID(name.base) { return try peel(id, name.base) }
        if try target(of: "refs/remotes/origin/" + name.base) != nil {
            throw GitFailure(
                .unknownRef, "no branch or tag is named `\(name.base)` here: write `origin/\(name.base)`")
        }
        throw GitFailure(.unknownRef, "no branch, tag or commit is named `\(name.base)`")
    }

    private func target(of reference: String) throws(GitFailure) -> git_oid? {
        var id = git_oid()
        let result = git_reference_name_to_id(&id, handle.repository, reference)
        switch result {
        case 0: return id
        case GIT_ENOTFOUND.rawValue, GIT_EINVALIDSPEC.rawValue: return nil
        default:
            throw GitFailure(.unreadable, "`\(reference)` cannot be read: \(GitFailure.lastLibraryMessage)")
        }
    }

    /// Nil if the text is no short id, or none of this repository.
    private func shortID(_ text: String) throws(GitFailure) -> git_oid? {
        guard text.utf8.count < 40, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        guard text.utf8.count >= 4 else {
            throw GitFailure(.unknownRef, "no branch or tag is named `\(text)`, and an id needs at least 4 digits")
        }
        var (short, full) = (git_oid(), git_oid())
        guard git_oid_fromstrn(&short, text, text.utf8.count) == 0 else { return nil }
        switch git_odb_exists_prefix(&full, handle.objects, &short, text.utf8.count) {
        case 0: return full
        case GIT_EAMBIGUOUS.rawValue:
            throw GitFailure(
                .ambiguousRef, "several objects have an id that begins with `\(text)`: write more of it")
        default: return nil
        }
    }

    /// The commit itself, or the one that a tag names.
    private func peel(_ id: git_oid, _ name: String) throws(GitFailure) -> CommitID {
        var id = id
        for _ in 0...Limits.tagDepthMax {
            let short = CommitID(id).short
            try handle.check(id, "object \(short)")
            var object: OpaquePointer?
            let result = git_object_lookup(&object, handle.repository, &id, GIT_OBJECT_ANY)
            guard result == 0, let object else { throw GitFailure(reading: "object \(short)", result) }
            defer { git_object_free(object) }
            switch git_object_type(object) {
            case GIT_OBJECT_COMMIT: return CommitID(id)
            case GIT_OBJECT_TAG: id = git_tag_target_id(object).pointee
            default: throw GitFailure(.unknownRef, "`\(name)` does not name a commit")
            }
        }
        throw GitFailure(.unknownRef, "`\(name)` is a tag of more than \(Limits.tagDepthMax) tags")
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
