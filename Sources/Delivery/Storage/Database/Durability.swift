extension Connection {
    /// Write-ahead log and `synchronous=FULL`, read back: asking for them is not having them.
    func makeDurable() throws(StorageFailure) {
        let mode = try first("PRAGMA journal_mode = WAL") { (row) throws(StorageFailure) in try row.text(0) }
        guard mode == "wal" else {
            throw StorageFailure(.notDurable, "`\(path)` is on a file system that offers no write-ahead log")
        }
        try script("PRAGMA synchronous = FULL")
        guard try synchronous() == Self.full else {
            throw StorageFailure(.notDurable, "`\(path)` does not write through to the disk")
        }
    }

    /// SOURCE: https://www.sqlite.org/pragma.html#pragma_synchronous: 0 off, 1 normal, 2 full, 3 extra.
    static let full = 2

    func synchronous() throws(StorageFailure) -> Int? {
        try first("PRAGMA synchronous") { (row) throws(StorageFailure) in try row.int(0) }
    }
}
