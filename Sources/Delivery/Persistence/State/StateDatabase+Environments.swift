package import Applying
import Storage

extension StateDatabase {
    /// Names of the environments that have recorded objects or a history here, in the order of their names.
    package func environments() async throws(JournalFailure) -> [String] {
        do {
            return try await database.read { connection in
                try connection.query(
                    "SELECT environment FROM object UNION SELECT environment FROM revision ORDER BY 1", []
                ) { (row) throws(StorageFailure) in try row.text(0) }
            }
        } catch {
            throw JournalFailure(.readFailed, "the environments of the state could not be read", cause: error)
        }
    }
}
