import CLibgit2

/// An object database that reads from a repository's own and keeps in memory what is written.
///
/// libgit2 writes a merge's files and folders as objects. Here they end with the result: the repository is not even
/// touched by the renewing of times that a write of an object it already has would bring.
final class Overlay {
    private struct Object {
        let type: git_object_t
        let bytes: [UInt8]
    }

    private let below: OpaquePointer
    private let loose: LooseObjects
    private var objects: [TreeID: Object] = [:]

    /// Takes over `below`, which is freed with the last use.
    private init(over below: OpaquePointer, loose: LooseObjects) {
        self.below = below
        self.loose = loose
    }

    deinit { git_odb_free(below) }

    /// Puts an overlay in place of the object database of an open repository.
    ///
    /// - Returns: The new object database, which the caller frees; nil if there is no memory for it.
    static func install(in repository: OpaquePointer) -> OpaquePointer? {
        var below: OpaquePointer?
        guard git_repository_odb(&below, repository) == 0, let below else { return nil }
        var database: OpaquePointer?
        guard git_odb_new(&database) == 0, let database else {
            git_odb_free(below)
            return nil
        }
        let backend = UnsafeMutablePointer<gw_odb_backend>.allocate(capacity: 1)
        backend.initialize(to: gw_odb_backend())
        git_odb_init_backend(&backend.pointee.backend, UInt32(GIT_ODB_BACKEND_VERSION))
        backend.pointee.backend.read = overlayRead
        backend.pointee.backend.read_header = overlayReadHeader
        backend.pointee.backend.write = overlayWrite
        backend.pointee.backend.exists = overlayExists
        backend.pointee.backend.freshen = overlayFreshen
        backend.pointee.backend.free = overlayFree
        let overlay = Overlay(over: below, loose: LooseObjects(of: repository))
        backend.pointee.owner = Unmanaged.passRetained(overlay).toOpaque()
        let base = UnsafeMutableRawPointer(backend).assumingMemoryBound(to: git_odb_backend.self)
        guard git_odb_add_backend(database, base, 1) == 0 else {
            overlayFree(base)
            git_odb_free(database)
            return nil
        }
        guard git_repository_set_odb(repository, database) == 0 else {
            git_odb_free(database)
            return nil
        }
        return database
    }

    fileprivate static func of(_ backend: UnsafeMutablePointer<git_odb_backend>?) -> Overlay? {
        guard let backend else { return nil }
        let whole = UnsafeMutableRawPointer(backend).assumingMemoryBound(to: gw_odb_backend.self)
        return whole.pointee.owner.map { Unmanaged<Overlay>.fromOpaque($0).takeUnretainedValue() }
    }

    fileprivate func read(
        _ id: git_oid, _ body: (git_object_t, UnsafeRawBufferPointer) -> Int32
    ) -> Int32 {
        if let object = objects[TreeID(id)] { return object.bytes.withUnsafeBytes { body(object.type, $0) } }
        guard isWhole(id) else { return GIT_ERROR.rawValue }
        var (raw, object) = (id, OpaquePointer?.none)
        let result = git_odb_read(&object, below, &raw)
        guard result == 0, let object else { return result }
        defer { git_odb_object_free(object) }
        return body(
            git_odb_object_type(object),
            UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }

    fileprivate func readHeader(_ id: git_oid, _ size: inout Int, _ type: inout git_object_t) -> Int32 {
        if let object = objects[TreeID(id)] {
            (size, type) = (object.bytes.count, object.type)
            return 0
        }
        guard isWhole(id) else { return GIT_ERROR.rawValue }
        var raw = id
        return git_odb_read_header(&size, &type, below, &raw)
    }

    fileprivate func exists(_ id: git_oid) -> Bool {
        var raw = id
        return objects[TreeID(id)] != nil || git_odb_exists(below, &raw) == 1
    }

    fileprivate func write(_ id: git_oid, _ bytes: UnsafeRawBufferPointer, _ type: git_object_t) {
        objects[TreeID(id)] = Object(type: type, bytes: Array(bytes))
    }

    private func isWhole(_ id: git_oid) -> Bool {
        if loose.isComplete(id) { return true }
        git_error_set_str(Int32(GIT_ERROR_ODB.rawValue), "the file of \(CommitID(id).short) is cut off")
        return false
    }
}

private func overlayRead(
    _ data: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ size: UnsafeMutablePointer<Int>?,
    _ type: UnsafeMutablePointer<git_object_t>?, _ backend: UnsafeMutablePointer<git_odb_backend>?,
    _ id: UnsafePointer<git_oid>?
) -> Int32 {
    guard let overlay = Overlay.of(backend), let id else { return GIT_ERROR.rawValue }
    return overlay.read(id.pointee) { found, bytes in
        // One byte more: an empty object needs a pointer too.
        guard let copy = git_odb_backend_data_alloc(backend, bytes.count + 1) else { return GIT_ERROR.rawValue }
        if let start = bytes.baseAddress { copy.copyMemory(from: start, byteCount: bytes.count) }
        copy.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
        data?.pointee = copy
        size?.pointee = bytes.count
        type?.pointee = found
        return 0
    }
}

private func overlayReadHeader(
    _ size: UnsafeMutablePointer<Int>?, _ type: UnsafeMutablePointer<git_object_t>?,
    _ backend: UnsafeMutablePointer<git_odb_backend>?, _ id: UnsafePointer<git_oid>?
) -> Int32 {
    guard let overlay = Overlay.of(backend), let id, let size, let type else { return GIT_ERROR.rawValue }
    return overlay.readHeader(id.pointee, &size.pointee, &type.pointee)
}

private func overlayWrite(
    _ backend: UnsafeMutablePointer<git_odb_backend>?, _ id: UnsafePointer<git_oid>?,
    _ data: UnsafeRawPointer?, _ size: Int, _ type: git_object_t
) -> Int32 {
    guard let overlay = Overlay.of(backend), let id else { return GIT_ERROR.rawValue }
    overlay.write(id.pointee, UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : size), type)
    return 0
}

private func overlayExists(
    _ backend: UnsafeMutablePointer<git_odb_backend>?, _ id: UnsafePointer<git_oid>?
) -> Int32 {
    guard let overlay = Overlay.of(backend), let id else { return 0 }
    return overlay.exists(id.pointee) ? 1 : 0
}

/// Zero for an object that exists, so that it is not written again; its time stays as it is.
private func overlayFreshen(
    _ backend: UnsafeMutablePointer<git_odb_backend>?, _ id: UnsafePointer<git_oid>?
) -> Int32 {
    overlayExists(backend, id) == 1 ? 0 : 1
}

private func overlayFree(_ backend: UnsafeMutablePointer<git_odb_backend>?) {
    guard let backend else { return }
    let whole = UnsafeMutableRawPointer(backend).assumingMemoryBound(to: gw_odb_backend.self)
    if let owner = whole.pointee.owner { Unmanaged<Overlay>.fromOpaque(owner).release() }
    whole.deallocate()
}
