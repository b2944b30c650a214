import Glibc

/// Where a command writes, and what that place can show.
struct Terminal: Sendable {
    let colour: Bool
    let isInteractive: Bool

    /// Colour on a terminal, unless `NO_COLOR` is set to anything (SOURCE: no-color.org).
    init(environment: Environment) {
        let standardOutput = isatty(STDOUT_FILENO) == 1
        colour = standardOutput && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        isInteractive = standardOutput && isatty(STDIN_FILENO) == 1
    }

    /// To standard output.
    func say(_ text: String) { Self.write(text + "\n", to: STDOUT_FILENO) }

    /// To standard output, as it is.
    func write(_ text: String) { Self.write(text, to: STDOUT_FILENO) }

    /// To standard error: progress, warnings, errors.
    func note(_ text: String) { Self.write(text + "\n", to: STDERR_FILENO) }

    static func writeError(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Asks a question that only `answer` answers; false when nobody can answer, and as soon as `isStopped` says so.
    func confirm(_ question: String, by answer: String = "yes", unless isStopped: () -> Bool) async -> Bool {
        guard isInteractive else { return false }
        Self.write(question + " Only `\(answer)` is taken as an answer: ", to: STDOUT_FILENO)
        while !isStopped() {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&input, 1, 0)
            if count > 0 { return readLine() == answer }
            guard count == 0 || errno == EINTR else { return false }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return false }
        }
        return false
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                guard errno == EINTR else { return }
                continue
            }
            rest = rest.dropFirst(written)
        }
    }
}
