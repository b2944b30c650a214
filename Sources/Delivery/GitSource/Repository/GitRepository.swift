import Blocking
import CLibgit2

/// One repository. libgit2 blocks, so every call runs on this actor's own thread, never on the cooperative pool.
///
/// It only reads: no checkout, no write into the user's repository.
package actor GitRepository {
    private let blocking = BlockingExecutor(label: "gw.git")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { blocking.asUnownedSerialExecutor() }

    /// The root of the working tree with a slash at its end; nil for a bare repository.
    package nonisolated let workingFolder: String?
    let handle: RepositoryHandle

    /// Opens the repository that a folder is in; the folders above are searched, as git does.
    ///
    /// Opening runs where it is called: it reads a few small files.
    /// - Parameter location: A folder, or `file://` and a folder.
    /// - Throws: `git.unsupported-location`, `git.not-a-repository`, `git.not-owned`, `git.unreadable`.
    package init(opening location: String) throws(GitFailure) {
        let location = try Location(location)
        guard Library.start > 0 else {
            throw GitFailure(.unreadable, "the git library does not start: \(GitFailure.lastLibraryMessage)")
        }
        handle = try Self.handle(opening: location, flags: 0)
        workingFolder = git_repository_workdir(handle.repository).map { String(cString: $0) }
    }

    /// Opens a repository again, so that what is written is kept in memory and ends with this actor.
    init(overlaying folder: String) throws(GitFailure) {
        handle = try Self.handle(
            opening: try Location(folder), flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, isOverlaid: true)
        workingFolder = git_repository_workdir(handle.repository).map { String(cString: $0) }
    }

    private static func handle(
        opening location: Location, flags: UInt32, isOverlaid: Bool = false
    ) throws(GitFailure) -> RepositoryHandle {
        var repository: OpaquePointer?
        let result = git_repository_open_ext(&repository, location.path, flags, nil)
        guard result == 0, let repository else { throw failure(opening: location, result) }
        var objects: OpaquePointer?
        if isOverlaid {
            objects = Overlay.install(in: repository)
        } else if git_repository_odb(&objects, repository) != 0 {
            objects = nil
        }
        guard let objects else {
            let message = GitFailure.lastLibraryMessage
            git_repository_free(repository)
            throw GitFailure(.unreadable, "the objects of `\(location.path)` cannot be opened: \(message)")
        }
        return RepositoryHandle(repository: repository, objects: objects)
    }

    private static func failure(opening location: Location, _ result: Int32) -> GitFailure {
        let message = GitFailure.lastLibraryMessage
        let path = location.path
        switch result {
        case GIT_EOWNER.rawValue:
            return notOwned(path)
        case GIT_ENOTFOUND.rawValue where message.contains("safe.directory"):
            // libgit2 1.5.1 says so of another user's repository where no configuration names a `safe.directory`.
            return notOwned(path)
        case GIT_ENOTFOUND.rawValue where location.isRemoteShorthand:
            return GitFailure(
                .unsupportedLocation,
                "`\(path)` is not a folder of this machine: clone it and give the clone's folder")
        case GIT_ENOTFOUND.rawValue:
            return GitFailure(.notARepository, "`\(path)` is not in a git repository")
        default:
            return GitFailure(.unreadable, "the repository at `\(path)` cannot be opened: \(message)")
        }
    }

    private static func notOwned(_ path: String) -> GitFailure {
        GitFailure(
            .notOwned,
            "`\(path)` belongs to another user: run as its owner, or trust it with "
                + "`git config --global --add safe.directory \(path)`")
    }
}

extension GitRepository {
    /// The files of a commit under some paths.
    ///
    /// - Parameter paths: Files or folders, relative to the root of the tree; none, or `""`, is the whole tree.
    /// - Returns: Each file once, in UTF-8 byte order of the paths, so that equal commits give equal plans.
    /// - Throws: `git.path-not-found`, `git.unsafe-path`, `git.symbolic-link`, `git.submodule`, `git.name-not-utf8`,
    ///   `git.too-many-files`, each with the path; `git.object-missing`, `git.object-corrupt`.
    package func files(of commit: CommitID, under paths: [String] = []) throws(GitFailure) -> [TreeFile] {
        let object = try handle.commit(commit)
        guard let tree = git_commit_tree_id(object.pointer) else {
            throw GitFailure(.objectCorrupt, "commit \(commit.short) is damaged: it has no tree")
        }
        return try files(in: TreeID(tree.pointee), under: paths)
    }

    /// The files of a tree under some paths, as ``files(of:under:)`` gives those of a commit.
    package func files(in tree: TreeID, under paths: [String] = []) throws(GitFailure) -> [TreeFile] {
        var asked: [TreePath] = []
        for path in paths.isEmpty ? [""] : paths { asked.append(try TreePath(path)) }
        var walk = TreeWalk(handle)
        return try walk.files(of: tree.raw, under: asked)
    }

    /// The bytes of one file.
    ///
    /// - Parameter byteLimit: The most bytes it may have; a larger one is refused, not cut.
    /// - Throws: `git.object-missing`, `git.object-corrupt`, `git.file-too-large`.
    package func read(_ blob: BlobID, byteLimit: Int) throws(GitFailure) -> [UInt8] {
        try content(of: blob, size: header(of: blob), byteLimit: byteLimit)
    }

    /// The bytes of many files, in their order: one hop to this actor's thread for all.
    ///
    /// - Parameters:
    ///   - byteLimit: The most bytes one file may have.
    ///   - totalByteLimit: The most bytes all may have together.
    /// - Throws: as ``read(_:byteLimit:)`` with the path, and `git.batch-too-large`.
    package func read(
        _ files: [TreeFile], byteLimit: Int, totalByteLimit: Int = Limits.batchBytesMax
    ) throws(GitFailure) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        contents.reserveCapacity(files.count)
        var total = 0
        for file in files {
            let bytes = try content(of: file.blob, size: file.size, path: file.path, byteLimit: byteLimit)
            total += bytes.count
            guard total <= totalByteLimit else {
                throw GitFailure(
                    .batchTooLarge, "the files together have more than \(totalByteLimit) bytes", path: file.path)
            }
            contents.append(bytes)
        }
        return contents
    }

    /// The size, before the content: what a damaged or hostile object claims must not become an allocation.
    private func header(of blob: BlobID) throws(GitFailure) -> Int {
        var id = blob.raw
        var size = 0
        var type = GIT_OBJECT_ANY
        let result = git_odb_read_header(&size, &type, handle.objects, &id)
        guard result == 0 else { throw GitFailure(reading: "blob \(blob.short)", result) }
        guard type == GIT_OBJECT_BLOB else {
            throw GitFailure(.objectCorrupt, "\(blob.short) is no file's content")
        }
        return size
    }

    private func content(
        of blob: BlobID, size: Int, path: String? = nil, byteLimit: Int
    ) throws(GitFailure) -> [UInt8] {
        let what = path.map { "`\($0)`" } ?? "blob \(blob.short)"
        var id = blob.raw
        guard size <= byteLimit else {
            throw GitFailure(
                .fileTooLarge, "\(what) has \(size) bytes, and \(byteLimit) are read", path: path)
        }
        try handle.check(id, what, path: path)
        var object: OpaquePointer?
        let result = git_odb_read(&object, handle.objects, &id)
        guard result == 0, let object else { throw GitFailure(reading: what, result, path: path) }
        defer { git_odb_object_free(object) }
        guard git_odb_object_size(object) == size else {
            throw GitFailure(.objectCorrupt, "\(what) is damaged: it has not the size that it claims", path: path)
        }
        return Array(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }
}
