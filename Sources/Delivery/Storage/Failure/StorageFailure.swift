package import Diagnostics

/// A database that could not be opened, read or written.
package struct StorageFailure: Failure {
    package enum Code: String, StableCode {
        case cannotOpen = "storage.cannot-open"
        case notADatabase = "storage.not-a-database"
        case newerVersion = "storage.newer-version"
        case readOnly = "storage.read-only"
        case diskFull = "storage.disk-full"
        case busy = "storage.busy"
        case corrupt = "storage.corrupt"
        case io = "storage.io"
        case outOfMemory = "storage.out-of-memory"
        case tooBig = "storage.too-big"
        case constraint = "storage.constraint"
        case notDurable = "storage.not-durable"
        case closed = "storage.closed"
        case badStatement = "storage.bad-statement"
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var recovery: Recovery {
        switch code {
        case .busy: .retry(after: .seconds(1))
        case .diskFull, .io, .outOfMemory: .retry(after: .seconds(30))
        case .closed, .constraint, .tooBig, .badStatement: .observeFirst
        case .cannotOpen, .notADatabase, .newerVersion, .readOnly, .corrupt, .notDurable:
            .askOperator(runbook: "state-database.md")
        }
    }
}

extension StorageFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .cannotOpen:
            Explanation(
                meaning: "a database file could not be opened or made",
                cause: "a folder that is missing, belongs to someone else, or is on a read-only disk",
                remedy: "check the folder given by `--data-dir` and its owner")
        case .notADatabase:
            Explanation(
                meaning: "the file is no database of gatewright",
                cause: "a file of another program under the same name, or one that was overwritten",
                remedy:
                    "for `state.db`: `gatewright state rebuild`, which keeps the file aside; else move the file away, "
                    + "or give another folder with `--data-dir`")
        case .newerVersion:
            Explanation(
                meaning: "the database was written by a newer version of gatewright, so this one leaves it alone",
                cause: "a downgrade",
                remedy: "use the newer version, or restore the copy made before the upgrade")
        case .readOnly:
            Explanation(
                meaning: "the database can be read but not written",
                cause: "permissions of the file or its folder, or a disk that is mounted read-only",
                remedy: "give the user that runs gatewright the right to write the data directory")
        case .diskFull:
            Explanation(
                meaning: "there is no room to write the database",
                cause: "a full disk or a quota",
                remedy: "make room; nothing was half written")
        case .busy:
            Explanation(
                meaning: "another process kept the database locked for longer than this one waits",
                cause: "two processes on one data directory, or a long backup",
                remedy: "stop the other process, or go through it")
        case .corrupt:
            Explanation(
                meaning: "the database is damaged",
                cause: "a disk that loses writes, or a file that was changed by hand or copied while in use",
                remedy:
                    "for `state.db`: restore a backup, or run `gatewright state rebuild`, which keeps the damaged file "
                    + "aside and reads the target; for `engine.db`: restore a backup")
        case .io:
            Explanation(
                meaning: "the operating system could not read or write the database",
                cause: "a failing disk or a network share that went away",
                remedy: "look at the system's log")
        case .outOfMemory:
            Explanation(
                meaning: "there was not enough memory for the database",
                cause: "a memory limit that is too low",
                remedy: "raise the limit")
        case .tooBig:
            Explanation(
                meaning: "a value is larger than a database can hold",
                cause: "a document of about a gigabyte",
                remedy: "split it")
        case .constraint:
            Explanation(
                meaning: "a row would contradict the rows that are there",
                cause: "a defect of gatewright, or two processes on one database",
                remedy: "report it with the message")
        case .notDurable:
            Explanation(
                meaning: "the database does not promise that what it has written is on the disk",
                cause: "a file system without shared memory, such as some network shares",
                remedy: "put the data directory on a local disk")
        case .closed:
            Explanation(
                meaning: "the database was closed already",
                cause: "a shutdown while work was going on",
                remedy: "nothing: unfinished work is recovered at the next start")
        case .badStatement:
            Explanation(
                meaning: "the database does not understand a statement",
                cause: "a defect of gatewright, or tables that were changed by hand",
                remedy: "report it with the message")
        }
    }
}
