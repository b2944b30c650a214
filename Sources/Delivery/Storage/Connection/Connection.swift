import CSQLite

/// One open database, as the closures of ``Database`` see it. Statements are prepared once and kept.
///
/// Not `Sendable`: it never leaves the thread of its ``Database``.
package final class Connection {
    let path: String
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    init(
        path: String, flags: Int32, busyMilliseconds: Int32 = Limits.busyMilliseconds
    ) throws(StorageFailure) {
        self.path = path
        var opened: OpaquePointer?
        let result = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard result == SQLITE_OK, let opened else {
            let failure = StorageFailure(sqlite: result, opened, path: path)
            sqlite3_close_v2(opened)
            throw failure
        }
        handle = opened
        sqlite3_busy_timeout(handle, busyMilliseconds)
    }

    deinit {
        statements = [:]
        sqlite3_close_v2(handle)
    }

    /// Runs one statement; rows that it gives are thrown away.
    ///
    /// - Parameters:
    ///   - sql: One statement with `?` placeholders; a constant of the program, never made from input.
    ///   - values: One for each placeholder.
    /// - Returns: The number of rows inserted, changed or deleted.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue] = []) throws(StorageFailure) -> Int {
        try run(sql, values) { (_) throws(StorageFailure) in }
        return Int(sqlite3_changes64(handle))
    }

    /// Runs one statement and reads each of its rows.
    package func query<Element>(
        _ sql: String, _ values: [SQLValue] = [], _ read: (Row) throws(StorageFailure) -> Element
    ) throws(StorageFailure) -> [Element] {
        var elements: [Element] = []
        try run(sql, values) { (row) throws(StorageFailure) in elements.append(try read(row)) }
        return elements
    }

    /// Runs one statement and reads its first row; nil when it has none.
    package func first<Element>(
        _ sql: String, _ values: [SQLValue] = [], _ read: (Row) throws(StorageFailure) -> Element
    ) throws(StorageFailure) -> Element? {
        let statement = try statement(sql, values)
        defer { statement.reset() }
        return try step(statement) ? try read(Row(statement: statement)) : nil
    }

    /// Runs a script of several statements without placeholders, such as a migration.
    package func script(_ sql: String) throws(StorageFailure) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// False after an error that made SQLite end the transaction by itself.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    private func run(
        _ sql: String, _ values: [SQLValue], _ read: (Row) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        let statement = try statement(sql, values)
        defer { statement.reset() }
        while try step(statement) { try read(Row(statement: statement)) }
    }

    private func statement(_ sql: String, _ values: [SQLValue]) throws(StorageFailure) -> Statement {
        let statement: Statement
        if let kept = statements[sql], !kept.isInUse {
            statement = kept
        } else {
            statement = try prepare(sql)
            if statements.count >= Limits.statementsMax { statements = [:] }
            statements[sql] = statement
        }
        statement.begin()
        let result = statement.bind(values)
        guard result == SQLITE_OK else {
            statement.reset()
            throw result == SQLITE_RANGE
                ? StorageFailure(.badStatement, "`\(path)`: \(values.count) values do not fit the statement `\(sql)`")
                : StorageFailure(sqlite: result, handle, path: path)
        }
        return statement
    }

    private func prepare(_ sql: String) throws(StorageFailure) -> Statement {
        var prepared: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil))
        guard let prepared else { throw StorageFailure(.badStatement, "`\(path)`: an empty statement") }
        return Statement(handle: prepared)
    }

    /// True when the statement stands on a row.
    private func step(_ statement: Statement) throws(StorageFailure) -> Bool {
        let result = sqlite3_step(statement.handle)
        if result == SQLITE_ROW { return true }
        if result == SQLITE_DONE { return false }
        throw StorageFailure(sqlite: result, handle, path: path)
    }

    private func check(_ result: Int32) throws(StorageFailure) {
        guard result == SQLITE_OK else { throw StorageFailure(sqlite: result, handle, path: path) }
    }
}
