import JSON
package import Reconciling
import Storage

extension StateDatabase {
    package func sweep(environment: String) async throws(RevisionFailure) -> SweepRecord? {
        let row: (SweepRecord, report: [UInt8])?
        do {
            row = try await database.read { connection in
                try connection.first(
                    """
                    SELECT time, fingerprint, report, corrected, corrections, corrected_time FROM sweep
                    WHERE environment = ?
                    """, [.text(environment)]
                ) { (row) throws(StorageFailure) in
                    var record = SweepRecord(
                        environment: environment, time: Timestamp(milliseconds: Int64(try row.int(0))),
                        fingerprint: try row.text(1), report: .null)
                    if let fingerprint = try row.textOrNil(3), let time = try row.intOrNil(5) {
                        record.correction = SweepRecord.Correction(
                            fingerprint: fingerprint, count: try row.int(4),
                            time: Timestamp(milliseconds: Int64(time)))
                    }
                    return (record, report: try row.blob(2))
                }
            }
        } catch {
            throw RevisionFailure(.unreadable, "the last sweep of `\(environment)` could not be read", cause: error)
        }
        guard let row else { return nil }
        var record = row.0
        do {
            record.report = try JSONValue(stored: row.report)
        } catch {
            throw RevisionFailure(.corrupt, "the last sweep of `\(environment)` cannot be read", cause: error)
        }
        return record
    }

    package func setSweep(_ sweep: SweepRecord) async throws(RevisionFailure) {
        let values: [SQLValue] = [
            .text(sweep.environment), .integer(sweep.time.milliseconds), .text(sweep.fingerprint),
            .text(sweep.report.text(.compact)), .text(orNull: sweep.correction?.fingerprint),
            .int(sweep.correction?.count ?? 0), sweep.correction.map { .integer($0.time.milliseconds) } ?? .null,
        ]
        do {
            try await database.groupTransaction { connection in
                try connection.execute(
                    """
                    INSERT INTO sweep (environment, time, fingerprint, report, corrected, corrections, corrected_time)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (environment) DO UPDATE SET time = excluded.time, fingerprint = excluded.fingerprint,
                        report = excluded.report, corrected = excluded.corrected, corrections = excluded.corrections,
                        corrected_time = excluded.corrected_time
                    """, values)
            }
        } catch {
            throw RevisionFailure(.unwritable, "the sweep of `\(sweep.environment)` could not be written", cause: error)
        }
    }
}
