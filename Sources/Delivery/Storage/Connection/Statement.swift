import CSQLite

/// One prepared statement: made once, used again and again, freed with its owner.
final class Statement {
    let handle: OpaquePointer
    /// Guards against a statement that is used again while its rows are being read.
    private(set) var isInUse = false

    init(handle: OpaquePointer) { self.handle = handle }

    deinit { sqlite3_finalize(handle) }

    func begin() { isInUse = true }

    /// Ends the run and forgets what was bound.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        isInUse = false
    }

    func type(_ column: Int) -> Int32 { sqlite3_column_type(handle, Int32(column)) }

    /// - Returns: A result code of SQLite; `SQLITE_RANGE` when the number of values is not that of the placeholders.
    func bind(_ values: [SQLValue]) -> Int32 {
        guard values.count == Int(sqlite3_bind_parameter_count(handle)) else { return SQLITE_RANGE }
        var position: Int32 = 0
        for value in values {
            position += 1
            let result = bind(value, at: position)
            if result != SQLITE_OK { return result }
        }
        return SQLITE_OK
    }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, position)
        case .integer(let value): return sqlite3_bind_int64(handle, position, value)
        case .real(let value): return sqlite3_bind_double(handle, position, value)
        case .text(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { bytes in
                    // A null pointer would bind a null: an empty text needs an address.
                    guard let base = bytes.baseAddress else { return gatewright_bind_text(handle, position, "", 0) }
                    return gatewright_bind_text(handle, position, base, sqlite3_uint64(bytes.count))
                }
            }
        case .blob(let bytes):
            return bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress, !buffer.isEmpty else {
                    return sqlite3_bind_zeroblob(handle, position, 0)
                }
                return gatewright_bind_blob(handle, position, base, sqlite3_uint64(buffer.count))
            }
        }
    }
}
