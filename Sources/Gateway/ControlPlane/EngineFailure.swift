package import Diagnostics

/// The engine's management API could not do its work: its database, its listener or its configuration.
///
/// What a caller did wrong is never one of these: that is answered as an AWS error.
package struct EngineFailure: Failure {
    package enum Code: String, StableCode {
        case databaseUnusable = "control-plane.database-unusable"
        case databaseNewer = "control-plane.database-newer"
        case databaseCorrupt = "control-plane.database-corrupt"
        case sealingKeyWrong = "control-plane.sealing-key-wrong"
        case writeFailed = "control-plane.write-failed"
        case listenerFailed = "control-plane.listener-failed"
        case quotaUnknown = "control-plane.quota-unknown"
        case quotaInvalid = "control-plane.quota-invalid"
    }

    package let code: Code
    package let message: String
    package let recovery: Recovery
    package let cause: (any Error)?

    init(_ code: Code, _ message: String, recovery: Recovery? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.recovery = recovery ?? code.recovery
        self.cause = cause
    }
}

extension EngineFailure.Code {
    fileprivate var recovery: Recovery {
        switch self {
        case .writeFailed: .observeFirst
        case .databaseUnusable, .databaseNewer, .databaseCorrupt, .sealingKeyWrong:
            .askOperator(runbook: "engine-database.md")
        case .listenerFailed: .askOperator(runbook: "engine-listener.md")
        case .quotaUnknown, .quotaInvalid: .askOperator(runbook: "engine-listener.md")
        }
    }

    package var explanation: Explanation {
        switch self {
        case .databaseUnusable:
            Explanation(
                meaning: "the engine's database could not be opened or prepared",
                cause: "the folder is missing, not writable or full, or another program holds the file",
                remedy: "check the data directory's rights and free space, then start again",
                example: "the engine's database `.gatewright/engine.db` cannot be opened")
        case .databaseNewer:
            Explanation(
                meaning: "the engine's database was written by a later release",
                cause: "an older gatewright was started on the data directory of a newer one",
                remedy: "start the newer release, or use another data directory",
                example: "the engine's database has version 3, this release knows up to 1")
        case .databaseCorrupt:
            Explanation(
                meaning: "a row of the engine's database does not hold what it should",
                cause: "the file was edited or damaged",
                remedy: "restore the file from a backup, or delete it and apply the repository again",
                example: "row `method ab12cd34ef xyz123 GET` is not a JSON object")
        case .sealingKeyWrong:
            Explanation(
                meaning: "the secrets in the engine's database cannot be opened with the data directory's key",
                cause: "`engine.db` and `sealing.key` are not of the same data directory, or the key was replaced",
                remedy: "put the key of the backup beside the database of the same backup",
                example: "the secret of the access key `AKIAIOSFODNN7EXAMPLE` was not sealed with this key")
        case .writeFailed:
            Explanation(
                meaning: "a change could not be made durable; it was not made",
                cause: "the disk is full or failing",
                remedy: "free space or repair the disk; the caller got an error and may try again",
                example: "the change could not be written to the engine's database")
        case .listenerFailed:
            Explanation(
                meaning: "the management listener could not take its address or stopped",
                cause: "the port is in use, the address is not of this machine, or the socket's folder is missing",
                remedy: "choose another address with `--management-listen`, or port 0 for a free one",
                example: "the management listener cannot use `127.0.0.1:4600`")
        case .quotaUnknown:
            Explanation(
                meaning: "`--quota` names a quota that does not exist",
                cause: "a mistyped name",
                remedy: "use one of the names that the message lists",
                example: "--quota stage-per-api=20")
        case .quotaInvalid:
            Explanation(
                meaning: "`--quota` has a value that is no usable number",
                cause: "a missing or negative number, or text",
                remedy: "write `name=N` with a whole number",
                example: "--quota stages-per-api=many")
        }
    }
}
