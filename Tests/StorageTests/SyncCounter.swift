import CSQLite
import Glibc
import Synchronization

/// Counts how often SQLite flushes a file to disk, as the default file system of this process's databases.
enum SyncCounter {
    static let count = Atomic<Int>(0)

    /// The tests that count ask for it first; the other databases of the process do not mind.
    static let install: Void = {
        guard let original = sqlite3_vfs_find("unix") else { return }
        let counting = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        counting.initialize(to: original.pointee)
        counting.pointee.zName = UnsafePointer(strdup("counting"))
        counting.pointee.xOpen = countedOpen
        sqlite3_vfs_register(counting, 1)
    }()
}

/// The file methods of "unix", and the same with a counting flush, by address. SQLite has one set per way of locking.
private let methods = Mutex<[(original: UInt, counted: UInt)]>([])

private func pointer(_ address: UInt) -> UnsafePointer<sqlite3_io_methods>? { UnsafePointer(bitPattern: address) }

private func countedOpen(
    _: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?,
    _ flags: Int32, _ outFlags: UnsafeMutablePointer<Int32>?
) -> Int32 {
    guard let original = sqlite3_vfs_find("unix"), let file else { return SQLITE_ERROR }
    let result = original.pointee.xOpen(original, name, file, flags, outFlags)
    guard let found = file.pointee.pMethods.map({ UInt(bitPattern: $0) }) else { return result }
    let counted = methods.withLock { methods in
        if let known = methods.first(where: { $0.original == found }) { return known.counted }
        let counted = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        if let original = pointer(found) { counted.initialize(to: original.pointee) }
        counted.pointee.xSync = countedSync
        methods.append((found, UInt(bitPattern: counted)))
        return UInt(bitPattern: counted)
    }
    file.pointee.pMethods = pointer(counted)
    return result
}

private func countedSync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
    SyncCounter.count.add(1, ordering: .relaxed)
    let address = UInt(bitPattern: file?.pointee.pMethods)
    let original = methods.withLock { methods in methods.first { $0.counted == address }?.original }
    return original.flatMap(pointer)?.pointee.xSync(file, flags) ?? SQLITE_ERROR
}
