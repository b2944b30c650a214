package import Applying
import Reconciling
import Storage

extension StateDatabase: Lease {
    package func acquire(
        environment: String, holder: String, ttl: Duration
    ) async throws(LeaseFailure) -> LeaseGrant {
        // While the lock file is free the lease is dead whatever its time says: a killed holder blocks nobody.
        if let locks, try !locks.lock(environment) {
            throw .held(environment, by: try await current(environment)?.holder)
        }
        do throws(LeaseFailure) {
            return try await grant(environment, holder, ttl)
        } catch {
            locks?.unlock(environment)
            throw error
        }
    }

    private func grant(_ environment: String, _ holder: String, _ ttl: Duration) async throws(LeaseFailure)
        -> LeaseGrant
    {
        let (now, isLocked) = (now().milliseconds, locks != nil)
        do {
            return try await database.transaction { connection in
                let current = try connection.lease(environment)
                if let current, !isLocked, current.expires > now {
                    throw LeaseFailure.held(environment, by: current.holder)
                }
                let epoch = (current?.epoch ?? 0) + 1
                try connection.execute(
                    """
                    INSERT INTO lease (environment, holder, epoch, expires) VALUES (?, ?, ?, ?)
                    ON CONFLICT (environment) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch,
                        expires = excluded.expires
                    """, [.text(environment), .text(holder), .int(epoch), .integer(now + ttl.milliseconds)])
                return LeaseGrant(environment: environment, holder: holder, epoch: epoch)
            }
        } catch let failure as LeaseFailure {
            throw failure
        } catch {
            throw .unavailable(environment, error)
        }
    }

    package func standing(environment: String) async throws(LeaseFailure) -> LeaseStanding {
        guard let row = try await current(environment) else { return LeaseStanding(epoch: 0, holder: nil) }
        // Only a lease that looks held is asked for: asking for the lock is having it for a moment.
        var isHeld = row.expires != LeaseRow.released
        if isHeld {
            if let locks { isHeld = try !locks.isFree(environment) } else { isHeld = row.expires > now().milliseconds }
        }
        return LeaseStanding(epoch: row.epoch, holder: isHeld ? row.holder : nil)
    }

    package func renew(_ grant: LeaseGrant, ttl: Duration) async throws(LeaseFailure) {
        let now = now().milliseconds
        do {
            try await database.transaction { connection in
                let current = try connection.lease(grant.environment)
                guard let current, current.epoch == grant.epoch, current.expires != LeaseRow.released else {
                    throw LeaseFailure(
                        .lost, "the lease of `\(grant.environment)` went to another process", holder: current?.holder)
                }
                try connection.execute(
                    "UPDATE lease SET expires = ? WHERE environment = ?",
                    [.integer(now + ttl.milliseconds), .text(grant.environment)])
            }
        } catch let failure as LeaseFailure {
            throw failure
        } catch {
            throw .unavailable(grant.environment, error)
        }
    }

    package func release(_ grant: LeaseGrant) async throws(LeaseFailure) {
        var isMine = false
        defer { if isMine { locks?.unlock(grant.environment) } }
        do {
            isMine = try await database.transaction { connection in
                try connection.execute(
                    "UPDATE lease SET expires = ? WHERE environment = ? AND epoch = ?",
                    [.integer(LeaseRow.released), .text(grant.environment), .int(grant.epoch)]) == 1
            }
        } catch {
            // The lock goes in any case: this process will not write under the grant any more.
            isMine = true
            throw .unavailable(grant.environment, error)
        }
    }

    private func current(_ environment: String) async throws(LeaseFailure) -> LeaseRow? {
        do {
            return try await database.read { try $0.lease(environment) }
        } catch {
            throw .unavailable(environment, error)
        }
    }
}

struct LeaseRow: Sendable {
    /// The expiry of a lease that was given back.
    static let released: Int64 = 0

    let holder: String
    let epoch: Int
    /// Milliseconds since 1970.
    let expires: Int64
}

extension Connection {
    func lease(_ environment: String) throws(StorageFailure) -> LeaseRow? {
        try first("SELECT holder, epoch, expires FROM lease WHERE environment = ?", [.text(environment)]) {
            (row) throws(StorageFailure) in
            LeaseRow(holder: try row.text(0), epoch: try row.int(1), expires: Int64(try row.int(2)))
        }
    }

    /// - Throws: `journal.fenced` when another holder had the lease since, or it was given back.
    func checkFence(_ grant: LeaseGrant) throws {
        let current = try lease(grant.environment)
        guard let current, current.epoch == grant.epoch, current.expires != LeaseRow.released else {
            throw JournalFailure(.fenced, "`\(grant.environment)` is in the hands of another process")
        }
    }
}

extension LeaseFailure {
    fileprivate static func held(_ environment: String, by holder: String?) -> LeaseFailure {
        LeaseFailure(
            .held, "`\(environment)` is being applied to by \(holder ?? "another process")", holder: holder)
    }

    fileprivate static func unavailable(_ environment: String, _ cause: any Error) -> LeaseFailure {
        LeaseFailure(.unavailable, "the lease of `\(environment)` could not be read or written", cause: cause)
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
