package import JSON
package import Reconciling
package import Resources
import Storage

extension StateDatabase: RevisionStore {
    package func add(
        _ revision: Revision, changes: RevisionChanges?
    ) async throws(RevisionFailure) -> Revision {
        let changes = changes.map { ChangesWrite($0, leftChanges: revision.outcome.leftChanges) }
        return try await write("a revision of `\(revision.environment)`") { connection in
            var revision = revision
            let last = try connection.first(
                "SELECT max(number) FROM revision WHERE environment = ?", [.text(revision.environment)]
            ) { (row) throws(StorageFailure) in try row.intOrNil(0) }
            revision.number = ((last ?? nil) ?? 0) + 1
            try connection.execute(
                """
                INSERT INTO revision (environment, number, commit_id, author, subject, digest, outcome, started,
                    duration, steps, problem_code, problem_message)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(revision.environment), .int(revision.number), .text(revision.commit), .text(revision.author),
                    .text(revision.subject), .text(orNull: revision.planDigest), .text(revision.outcome.rawValue),
                    .integer(revision.started.milliseconds), .integer(revision.duration.microseconds),
                    .int(revision.stepsCount), .text(orNull: revision.problem?.code),
                    .text(orNull: revision.problem?.message),
                ])
            try changes?.run(connection, revision)
            return revision
        }
    }

    package func changes(of number: Int, environment: String) async throws(RevisionFailure) -> JSONValue? {
        let values: [SQLValue] = [.text(environment), .int(number)]
        let texts = try await rows("the changes of revision \(number)") { connection in
            try connection.query(
                "SELECT changes FROM revision_changes WHERE environment = ? AND number = ?", values
            ) { (row) throws(StorageFailure) in try row.blob(0) }
        }
        guard let text = texts.first else { return nil }
        do {
            return try JSONValue(stored: text)
        } catch {
            throw RevisionFailure(.corrupt, "the changes of revision \(number) cannot be read", cause: error)
        }
    }

    package func revisions(
        environment: String, changing address: Address, before: Int?, limit: Int
    ) async throws(RevisionFailure) -> [Revision] {
        // The address of an API also means its deployments and all that is inside: their names go on after a blank.
        let isWhole = address.kind == .restAPI && address.key.isEmpty
        let kinds = isWhole ? [address.kind, .deployment] : [address.kind, address.kind]
        let values: [SQLValue] = [
            .text(environment), .int(before ?? .max), .text(address.name), .text(kinds[0].rawValue),
            .text(kinds[1].rawValue), .text(isWhole ? address.name + " " : "\u{1}"),
            .text(isWhole ? address.name + "!" : "\u{1}"), .int(max(0, limit)),
        ]
        return try await rows("the history of `\(address)`") { connection in
            try connection.query(
                Self.revisionColumns + """
                     WHERE environment = ?1 AND number < ?2 AND number IN (
                        SELECT number FROM revision_object WHERE environment = ?1 AND name = ?3 AND kind IN (?4, ?5)
                        UNION SELECT number FROM revision_object WHERE environment = ?1 AND name > ?6 AND name < ?7)
                    ORDER BY number DESC LIMIT ?8
                    """, values, RevisionRow.init)
        }.map { (row) throws(RevisionFailure) in try row.revision() }
    }

    package func revisions(
        environment: String, before: Int?, limit: Int
    ) async throws(RevisionFailure) -> [Revision] {
        let values: [SQLValue] = [.text(environment), .int(before ?? .max), .int(max(0, limit))]
        return try await rows("the history of `\(environment)`") { connection in
            try connection.query(
                Self.revisionColumns + " WHERE environment = ? AND number < ? ORDER BY number DESC LIMIT ?", values,
                RevisionRow.init)
        }.map { (row) throws(RevisionFailure) in try row.revision() }
    }

    package func lastApplied(environment: String) async throws(RevisionFailure) -> Revision? {
        let values: [SQLValue] = [.text(environment), .text(Revision.Outcome.applied.rawValue)]
        return try await rows("the history of `\(environment)`") { connection in
            try connection.query(
                Self.revisionColumns + " WHERE environment = ? AND outcome = ? ORDER BY number DESC LIMIT 1", values,
                RevisionRow.init)
        }.first?.revision()
    }

    package func inputs(environment: String) async throws(RevisionFailure) -> RecordedInputs? {
        try await rows("the inputs of `\(environment)`") { connection in
            try connection.query(
                "SELECT commit_id, version, document FROM input WHERE environment = ?", [.text(environment)]
            ) { (row) throws(StorageFailure) in
                RecordedInputs(commit: try row.text(0), version: try row.text(1), document: try row.text(2))
            }
        }.first
    }

    package func setInputs(_ inputs: RecordedInputs, environment: String) async throws(RevisionFailure) {
        try await write("the inputs of `\(environment)`") { connection in
            _ = try connection.execute(
                """
                INSERT INTO input (environment, commit_id, version, document) VALUES (?, ?, ?, ?)
                ON CONFLICT (environment) DO UPDATE SET commit_id = excluded.commit_id, version = excluded.version,
                    document = excluded.document
                """,
                [.text(environment), .text(inputs.commit), .text(inputs.version), .text(inputs.document)])
        }
    }

    package func guards(environment: String) async throws(RevisionFailure) -> AppliedGuards? {
        let what = "the guards of `\(environment)`"
        let text = try await rows(what) { connection in
            try connection.query(
                "SELECT document FROM applied_guards WHERE environment = ?", [.text(environment)]
            ) { (row) throws(StorageFailure) in try row.text(0) }
        }.first
        guard let text else { return nil }
        do {
            if let guards = AppliedGuards(json: try JSONValue(parsing: Array(text.utf8))) { return guards }
        } catch {
            throw RevisionFailure(.corrupt, "\(what) cannot be read", cause: error)
        }
        throw RevisionFailure(.corrupt, "\(what) are in no known form")
    }

    package func setGuards(_ guards: AppliedGuards, environment: String) async throws(RevisionFailure) {
        let document = guards.json.text(.compact)
        try await write("the guards of `\(environment)`") { connection in
            _ = try connection.execute(
                """
                INSERT INTO applied_guards (environment, document) VALUES (?, ?)
                ON CONFLICT (environment) DO UPDATE SET document = excluded.document
                """, [.text(environment), .text(document)])
        }
    }

    package func approval(environment: String) async throws(RevisionFailure) -> Approval? {
        try await rows("the approval of `\(environment)`") { connection in
            try connection.query(
                "SELECT digest, author, time FROM approval WHERE environment = ?", [.text(environment)]
            ) { (row) throws(StorageFailure) in
                Approval(
                    environment: environment, digest: try row.text(0), author: try row.text(1),
                    time: Timestamp(milliseconds: Int64(try row.int(2))))
            }
        }.first
    }

    package func setApproval(_ approval: Approval?, environment: String) async throws(RevisionFailure) {
        try await write("the approval of `\(environment)`") { connection in
            _ = try connection.execute("DELETE FROM approval WHERE environment = ?", [.text(environment)])
            guard let approval else { return }
            _ = try connection.execute(
                "INSERT INTO approval (environment, digest, author, time) VALUES (?, ?, ?, ?)",
                [
                    .text(environment), .text(approval.digest), .text(approval.author),
                    .integer(approval.time.milliseconds),
                ])
        }
    }

    package func environments() async throws(RevisionFailure) -> [String] {
        try await rows("the environments of the state") { connection in
            try connection.query(
                "SELECT environment FROM object UNION SELECT environment FROM revision ORDER BY 1", []
            ) { (row) throws(StorageFailure) in try row.text(0) }
        }
    }

    private static let revisionColumns = """
        SELECT environment, number, commit_id, author, subject, digest, outcome, started, duration, steps,
            problem_code, problem_message FROM revision
        """

    package func add(_ event: Event) async throws(RevisionFailure) {
        try await write("an event of `\(event.environment)`") { connection in
            try connection.execute(
                """
                INSERT INTO event (environment, kind, time, commit_id, message, problem_code, problem_message)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(event.environment), .text(event.kind.rawValue), .integer(event.time.milliseconds),
                    .text(orNull: event.commit), .text(event.message), .text(orNull: event.problem?.code),
                    .text(orNull: event.problem?.message),
                ])
            try connection.execute(
                """
                DELETE FROM event WHERE environment = ?1 AND number <= (
                    SELECT number FROM event WHERE environment = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
                """, [.text(event.environment), .int(Limits.eventsKept)])
        }
    }

    package func events(environment: String, limit: Int) async throws(RevisionFailure) -> [Event] {
        let values: [SQLValue] = [.text(environment), .int(max(0, limit))]
        return try await rows("the events of `\(environment)`") { connection in
            try connection.query(
                """
                SELECT environment, kind, time, commit_id, message, problem_code, problem_message FROM event
                WHERE environment = ? ORDER BY number DESC LIMIT ?
                """, values, EventRow.init)
        }.map { (row) throws(RevisionFailure) in try row.event() }
    }

    package func hold(environment: String) async throws(RevisionFailure) -> Hold? {
        try await rows("the hold of `\(environment)`") { connection in
            try connection.hold(environment).map { [$0] } ?? []
        }.first?.hold()
    }

    package func setHold(_ hold: Hold?, environment: String) async throws(RevisionFailure) {
        try await write("the hold of `\(environment)`") { connection in
            try connection.setHold(hold, environment)
        }
    }

    package func swapHold(
        _ expected: Hold?, for hold: Hold?, environment: String
    ) async throws(RevisionFailure) -> Bool {
        try await write("the hold of `\(environment)`") { connection in
            guard try connection.hold(environment)?.hold() == expected else { return false }
            try connection.setHold(hold, environment)
            return true
        }
    }

    private func rows<Row: Sendable>(
        _ what: String, _ body: @Sendable (Connection) throws -> [Row]
    ) async throws(RevisionFailure) -> [Row] {
        do {
            return try await database.read(body)
        } catch {
            throw RevisionFailure(.unreadable, "\(what) could not be read", cause: error)
        }
    }

    private func write<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws(RevisionFailure) -> Value {
        do {
            return try await database.groupTransaction(body)
        } catch {
            throw RevisionFailure(.unwritable, "\(what) could not be written", cause: error)
        }
    }
}
