/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// Bytes of an event that a caller waits for, as AWS has it.
    static let eventBytesMax = 6 * 1024 * 1024
    /// Bytes of an event that nobody waits for.
    static let asynchronousEventBytesMax = 256 * 1024
    /// Bytes of an answer, as AWS has it: an event and a little more.
    static let answerBytesMax = 6 * 1024 * 1024 + 100
    /// Bytes of an answer that is too large and read to its end all the same, so that the runtime learns of it.
    static let discardedAnswerBytesMax = 64 * 1024 * 1024
    /// Bytes of the log that are kept of one invocation, as AWS has it.
    static let logTailBytesMax = 4096
    /// Lines of one process that the engine's log gets in a second, and bytes of a line.
    static let toldLinesPerSecondMax = 200
    static let toldLineBytesMax = 8 * 1024
    /// Bytes of such lines that wait to be written.
    static let waitingLogBytesMax = 4 * 1024 * 1024
    /// Bytes of the log that are kept of one function.
    static let functionLogBytesMax = 256 * 1024
    /// Bytes of a process's output that are read at once, and in one ``logPauseMilliseconds``.
    static let logReadBytesMax = 64 * 1024
    static let logBytesPerPauseMax = 1024 * 1024
    static let logPauseMilliseconds: Int64 = 10
    /// Milliseconds that the end of a process waits for the rest of its output.
    static let lastOutputMilliseconds: Int64 = 200
    /// Events that wait, and their bytes together.
    static let waitingEventsMax = 1000
    static let waitingEventBytesMax = 64 * 1024 * 1024
    /// Bytes of a file that a function writes.
    static let writtenFileBytesMax: UInt64 = 512 * 1024 * 1024
    /// Threads and processes of one function's process, and its open files, as AWS has them.
    static let processesMax: UInt64 = 1024
    static let openFilesMax: UInt64 = 1024
    /// Bytes of an archive of code, of all that is in it, and its files.
    static let archiveBytesMax = 50 * 1024 * 1024
    static let codeBytesMax = 250 * 1024 * 1024
    static let codeFilesMax = 20_000
    /// Bytes of a file's path in an archive, and folders below each other.
    static let codePathBytesMax = 1024
    static let codePathDepthMax = 64
}
