import CSQLite
import Glibc

extension StorageFailure {
    /// What a result code of SQLite means; `handle` may be nil when opening failed for want of memory.
    ///
    /// - Note: Source: https://www.sqlite.org/rescode.html, for 3.40.
    init(sqlite result: Int32, _ handle: OpaquePointer?, path: String) {
        let systemError = handle.map { sqlite3_system_errno($0) } ?? 0
        let said =
            handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? String(cString: sqlite3_errstr(result))
        let code = Self.code(result: result & 0xFF, systemError: systemError)
        self.init(code, Self.message(code, path: path, said: said, systemError: systemError))
    }

    static func code(result: Int32, systemError: Int32) -> Code {
        switch result {
        case SQLITE_FULL: .diskFull
        case SQLITE_READONLY, SQLITE_PERM: .readOnly
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_CORRUPT: .corrupt
        case SQLITE_NOTADB: .notADatabase
        case SQLITE_IOERR: systemError == ENOSPC || systemError == EDQUOT ? .diskFull : .io
        case SQLITE_CANTOPEN: systemError == EROFS ? .readOnly : .cannotOpen
        case SQLITE_NOMEM: .outOfMemory
        case SQLITE_TOOBIG: .tooBig
        case SQLITE_CONSTRAINT: .constraint
        default: .badStatement
        }
    }

    private static func message(_ code: Code, path: String, said: String, systemError: Int32) -> String {
        let system = systemError == 0 ? "" : " (\(String(cString: strerror(systemError)).lowercased()))"
        return switch code {
        case .diskFull: "no room to write `\(path)`"
        case .readOnly: "`\(path)` cannot be written\(system)"
        case .busy: "`\(path)` is locked by another process"
        case .corrupt: "`\(path)` is damaged: \(said)"
        case .notADatabase: "`\(path)` is no database"
        case .io: "`\(path)` could not be read or written: \(said)\(system)"
        case .cannotOpen: "`\(path)` could not be opened\(system)"
        default: "`\(path)`: \(said)"
        }
    }
}
