import CSQLite

/// The row that a query stands on; of use only inside the closure it is given to.
package struct Row {
    let statement: Statement

    /// - Throws: `storage.corrupt` when the column, counted from 0, holds something else.
    package func int(_ column: Int) throws(StorageFailure) -> Int {
        guard statement.type(column) == SQLITE_INTEGER else { throw mismatch(column, "an integer") }
        return Int(sqlite3_column_int64(statement.handle, Int32(column)))
    }

    /// - Throws: `storage.corrupt` when the column, counted from 0, holds neither a number nor an integer.
    package func double(_ column: Int) throws(StorageFailure) -> Double {
        let type = statement.type(column)
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { throw mismatch(column, "a number") }
        return sqlite3_column_double(statement.handle, Int32(column))
    }

    /// - Throws: `storage.corrupt` when the column, counted from 0, holds something else.
    package func text(_ column: Int) throws(StorageFailure) -> String {
        guard statement.type(column) == SQLITE_TEXT else { throw mismatch(column, "a text") }
        let count = Int(sqlite3_column_bytes(statement.handle, Int32(column)))
        guard let bytes = sqlite3_column_text(statement.handle, Int32(column)) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// - Throws: `storage.corrupt` when the column, counted from 0, holds neither bytes nor a text.
    package func blob(_ column: Int) throws(StorageFailure) -> [UInt8] {
        let type = statement.type(column)
        guard type == SQLITE_BLOB || type == SQLITE_TEXT else { throw mismatch(column, "bytes") }
        guard let bytes = sqlite3_column_blob(statement.handle, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(statement.handle, Int32(column)))
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// True for a null in the column, counted from 0.
    package func isNull(_ column: Int) -> Bool { statement.type(column) == SQLITE_NULL }

    /// As ``int(_:)``, nil for a null.
    package func intOrNil(_ column: Int) throws(StorageFailure) -> Int? {
        isNull(column) ? nil : try int(column)
    }

    /// As ``text(_:)``, nil for a null.
    package func textOrNil(_ column: Int) throws(StorageFailure) -> String? {
        isNull(column) ? nil : try text(column)
    }

    private func mismatch(_ column: Int, _ wanted: String) -> StorageFailure {
        let name = sqlite3_column_name(statement.handle, Int32(column)).map { String(cString: $0) } ?? "\(column)"
        return StorageFailure(.corrupt, "the column `\(name)` does not hold \(wanted)")
    }
}
