import CLibgit2

/// libgit2 as a whole: started once, when the first repository is opened, and never for a command without one.
enum Library {
    /// Its result is kept; a failure shows as a failed opening.
    static let start: Int32 = git_libgit2_init()
}

/// Owns one `git_object` or a like thing, freed by `free`.
struct Handle: ~Copyable {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    init(_ pointer: OpaquePointer, freedBy free: @escaping (OpaquePointer?) -> Void) {
        self.pointer = pointer
        self.free = free
    }

    deinit { free(pointer) }
}

/// Owns a `git_repository` and its object database.
///
/// INVARIANT: used only by the actor that made it; freed with the last reference, when nobody else can use it.
final class RepositoryHandle {
    let repository: OpaquePointer
    let objects: OpaquePointer
    private let loose: LooseObjects
    var folders = FolderMemory()

    init(repository: OpaquePointer, objects: OpaquePointer) {
        self.repository = repository
        self.objects = objects
        loose = LooseObjects(of: repository)
    }

    /// Must be called before libgit2 reads an object, or it may never come back.
    func check(_ id: git_oid, _ what: @autoclosure () -> String, path: String? = nil) throws(GitFailure) {
        guard loose.isComplete(id) else {
            throw GitFailure(.objectCorrupt, "\(what()) is damaged: its file is cut off", path: path)
        }
    }

    func commit(_ id: CommitID) throws(GitFailure) -> Handle {
        var raw = id.raw
        try check(raw, "commit \(id.short)")
        var commit: OpaquePointer?
        let result = git_commit_lookup(&commit, repository, &raw)
        guard result == 0, let commit else { throw GitFailure(reading: "commit \(id.short)", result) }
        return Handle(commit, freedBy: git_commit_free)
    }

    func tree(_ id: git_oid, at path: String) throws(GitFailure) -> Handle {
        let what = path.isEmpty ? "the commit's tree" : "the folder `\(path)`"
        var id = id
        try check(id, what, path: path)
        var tree: OpaquePointer?
        let result = git_tree_lookup(&tree, repository, &id)
        guard result == 0, let tree else { throw GitFailure(reading: what, result, path: path) }
        return Handle(tree, freedBy: git_tree_free)
    }

    deinit {
        git_odb_free(objects)
        git_repository_free(repository)
    }
}
