import Blocking
import CSQLite
import Glibc
import Synchronization

/// One database file. SQLite blocks, so every call runs on this actor's own thread, never on the cooperative pool.
package actor Database {
    package enum Location: Sendable, Hashable {
        /// Made when it is not there; its folder must be.
        case file(path: String)
        /// Gone with the last reference to the ``Database``.
        case memory
    }

    private let blocking: BlockingExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe blocking.asUnownedSerialExecutor() }

    private var connection: Connection?
    private let group = Mutex<[GroupMember]>([])

    private init(label: String) { blocking = BlockingExecutor(label: label) }

    /// Opens or makes a database and brings its schema up to date.
    ///
    /// Write-ahead log, `synchronous=FULL`: what a transaction wrote is on the disk when it returns.
    ///
    /// - Throws: `storage.cannot-open`, `storage.not-a-database`, `storage.newer-version`, `storage.read-only`,
    ///   `storage.not-durable`, and what migrations may meet.
    package static func open(
        _ location: Location, migrations: [Migration], label: String = "gatewright.storage"
    ) async throws(StorageFailure) -> Database {
        let database = Database(label: label)
        try await database.connect(location, migrations)
        return database
    }

    /// Opening is tried again while the file is busy: SQLite changes to the write-ahead log, and recovers it, under a lock
    /// that it does not wait for, whatever the busy timeout says.
    ///
    /// SOURCE: sqlite.org, "Write-Ahead Logging", section 2.1, sometimes queries return SQLITE_BUSY.
    private func connect(_ location: Location, _ migrations: [Migration]) throws(StorageFailure) {
        // By the clock: a try in which SQLite did wait has taken all of that time already.
        let end = ContinuousClock.now + .milliseconds(Limits.busyMilliseconds)
        while true {
            do {
                return try connectOnce(location, migrations)
            } catch {
                guard error.code == .busy, ContinuousClock.now < end else { throw error }
                usleep(Limits.openPauseMicroseconds)
            }
        }
    }

    private func connectOnce(_ location: Location, _ migrations: [Migration]) throws(StorageFailure) {
        let connection: Connection
        switch location {
        case .memory:
            connection = try Connection(path: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        case .file(let path):
            connection = try Connection(path: path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
            try connection.makeDurable()
        }
        try connection.script("PRAGMA foreign_keys = ON")
        try connection.migrate(migrations)
        self.connection = connection
    }

    /// Writes a copy of a database, as it is at one moment, into a new file; others may use it meanwhile, also to write.
    ///
    /// - Note: Source: sqlite.org, "VACUUM", section 3, VACUUM with an INTO clause.
    /// - Throws: `storage.cannot-open`, `storage.not-a-database`, `storage.corrupt`, `storage.disk-full`, `storage.bad-statement`
    ///   when the new file is there already.
    package static func copy(_ path: String, to copy: String) async throws(StorageFailure) {
        try await Database(label: "gatewright.copy").write(path, to: copy)
    }

    private func write(_ path: String, to copy: String) throws(StorageFailure) {
        let connection = try Connection(path: path, flags: SQLITE_OPEN_READWRITE)
        try connection.execute("VACUUM INTO ?", [.text(copy)])
        let file = Glibc.open(copy, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw StorageFailure(.cannotOpen, "`\(copy)` could not be opened") }
        defer { _ = Glibc.close(file) }
        guard fsync(file) == 0 else { throw StorageFailure(.io, "`\(copy)` could not be written through to the disk") }
    }

    /// Reads; sees one state of the database throughout. Writes inside it are refused by no one: use ``transaction(_:)``.
    package func read<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) throws -> Value {
        try body(try open())
    }

    /// Runs `body` in a transaction of its own: durable when this returns, without a trace when `body` throws.
    ///
    /// - Throws: What `body` throws, or a ``StorageFailure``.
    @discardableResult
    package func transaction<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) throws -> Value {
        let connection = try open()
        try connection.execute("BEGIN IMMEDIATE")
        do {
            let value = try body(connection)
            try connection.execute("COMMIT")
            return value
        } catch {
            try connection.rollBack()
            throw error
        }
    }

    /// As ``transaction(_:)``, but shares its commit with the other callers that wait at the same time: the cost of making
    /// it durable is paid once for all. The order among them is that of the calls.
    ///
    /// - Throws: What `body` throws, which undoes only its own writes, or a ``StorageFailure``.
    @discardableResult
    package nonisolated func groupTransaction<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let result = Mutex<Value?>(nil)
        let member = GroupMember { connection in
            let value = try body(connection)
            result.withLock { $0 = value }
        }
        group.withLock { $0.append(member) }
        try await finish(member)
        guard let value = result.withLock({ $0 }) else { throw StorageFailure(.closed, "the database is closed") }
        return value
    }

    /// Callers of ``groupTransaction(_:)`` that no commit has taken up yet.
    nonisolated var waitingCount: Int { group.withLock { $0.count } }

    /// Closes the file; later calls throw `storage.closed`.
    package func close() { connection = nil }

    func open() throws(StorageFailure) -> Connection {
        guard let connection else { throw StorageFailure(.closed, "the database is closed") }
        return connection
    }

    /// The first caller to get here runs the whole group; the others find themselves done.
    private func finish(_ member: GroupMember) throws {
        while member.outcome == nil {
            let members = group.withLock { waiting in
                let taken = Array(waiting.prefix(Limits.groupMax))
                waiting.removeFirst(taken.count)
                return taken
            }
            precondition(!members.isEmpty, "a member that is not done waits in the group")
            run(members)
        }
        try member.outcome?.get()
    }
}
