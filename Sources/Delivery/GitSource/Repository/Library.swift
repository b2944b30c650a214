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

    init(repository: OpaquePointer, objects: OpaquePointer) {
        self.repository = repository
        self.objects = objects
    }

    deinit {
        git_odb_free(objects)
        git_repository_free(repository)
    }
}
