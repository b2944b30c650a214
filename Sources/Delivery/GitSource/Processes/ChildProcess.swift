import Glibc

/// A program started in a process group of its own, which ends with it: at its end, at its time limit, when the caller
/// no longer wants it. Running one blocks the calling thread.
package struct ChildProcess {
    /// A path, or a name that is looked for in PATH.
    package var program: String
    package var arguments: [String]
    /// Nil for this process's own.
    package var environment: [String: String]?
    /// The input stays open to the end, so that the child sees when this process is gone.
    var keepsInputOpen = false
    /// A descriptor that the child gets as number 3.
    var inherited: Int32?
    package var limits = Bounds()

    package init(
        program: String, arguments: [String], environment: [String: String]? = nil, keepsInputOpen: Bool = false,
        inherited: Int32? = nil, limits: Bounds = Bounds()
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.keepsInputOpen = keepsInputOpen
        self.inherited = inherited
        self.limits = limits
    }

    /// What ends it before its time.
    package struct Bounds {
        package var whole: Duration = .seconds(30)
        /// Without any output.
        package var silence: Duration?
        /// Bytes of output and of errors, each.
        package var outputBytesMax = 1 << 20

        package init(
            whole: Duration = .seconds(30), silence: Duration? = nil, outputBytesMax: Int = 1 << 20
        ) {
            self.whole = whole
            self.silence = silence
            self.outputBytesMax = outputBytesMax
        }
    }

    /// Why it ended.
    package enum End: Equatable {
        /// As a shell has it: 128 and the signal's number where one ended it.
        case status(Int32)
        case timedOut
        case silent
        case tooMuchOutput
        case cancelled
    }

    /// How it ended, and what it said.
    package struct Result {
        package var end: End
        package var output: [UInt8]
        package var errors: [UInt8]
    }

    /// Nil if there is no such program, or no process could be started.
    ///
    /// - Parameters:
    ///   - isCancelled: Asked several times a second.
    ///   - onOutput: Called with what came, on this thread.
    package func run(
        input: [UInt8] = [], isCancelled: () -> Bool = { false }, onOutput: ([UInt8]) -> Void = { _ in }
    ) -> Result? {
        guard let (process, channels) = start() else { return nil }
        var session = Session(channels: channels, input: input[...], limits: limits, keepsInputOpen: keepsInputOpen)
        let start = ContinuousClock.now
        var stopped = session.follow(isCancelled: isCancelled, onOutput: onOutput)
        session.close()
        var status: Int32 = 0
        // One that has closed its output may still run.
        while stopped == nil, waitpid(process, &status, WNOHANG) == 0 {
            if ContinuousClock.now - start > limits.whole { stopped = .timedOut }
            if isCancelled() { stopped = .cancelled }
            poll(nil, 0, 2)
        }
        // What the child started goes with it; a group that is gone already is no error.
        kill(-process, SIGKILL)
        if stopped != nil { while waitpid(process, &status, 0) < 0, errno == EINTR {} }
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return Result(end: stopped ?? .status(code), output: session.output, errors: session.errors)
    }

    private func start() -> (Int32, Channels)? {
        guard let channels = Channels() else { return nil }
        defer { channels.closeChildEnds() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, channels.childInput, 0)
        posix_spawn_file_actions_adddup2(&actions, channels.childOutput, 1)
        posix_spawn_file_actions_adddup2(&actions, channels.childErrors, 2)
        if let inherited { posix_spawn_file_actions_adddup2(&actions, inherited, 3) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { $0.map { strdup("\($0.key)=\($0.value)") } + [nil] }
        defer { for text in words + (variables ?? []) { free(text) } }
        var process: Int32 = 0
        let result: Int32 =
            if let variables {
                posix_spawnp(&process, program, &actions, &attributes, words, variables)
            } else {
                posix_spawnp(&process, program, &actions, &attributes, words, environ)
            }
        guard result == 0 else {
            channels.closeOwnEnds()
            return nil
        }
        return (process, channels)
    }
}

/// Both ends of a child's input, output and errors. Sockets, since writing to one that is closed raises no signal.
private struct Channels {
    let input, output, errors: Int32
    let childInput, childOutput, childErrors: Int32

    init?() {
        var ends: [Int32] = []
        for _ in 0..<3 {
            var pair: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
                for end in ends { close(end) }
                return nil
            }
            ends += pair
        }
        (input, childInput) = (ends[0], ends[1])
        (output, childOutput) = (ends[2], ends[3])
        (errors, childErrors) = (ends[4], ends[5])
    }

    func closeChildEnds() { for end in [childInput, childOutput, childErrors] { close(end) } }
    func closeOwnEnds() { for end in [input, output, errors] { close(end) } }
}

/// Feeds a running child and collects what it says.
private struct Session {
    let channels: Channels
    var input: ArraySlice<UInt8>
    let limits: ChildProcess.Bounds
    let keepsInputOpen: Bool
    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []
    private var isInputOpen = true
    private var isOutputOpen = true
    private var areErrorsOpen = true

    init(channels: Channels, input: ArraySlice<UInt8>, limits: ChildProcess.Bounds, keepsInputOpen: Bool) {
        self.channels = channels
        self.input = input
        self.limits = limits
        self.keepsInputOpen = keepsInputOpen
    }

    /// Until the child has closed its output, or must end.
    mutating func follow(isCancelled: () -> Bool, onOutput: ([UInt8]) -> Void) -> ChildProcess.End? {
        let start = ContinuousClock.now
        var lastWord = start
        while isOutputOpen || areErrorsOpen {
            let now = ContinuousClock.now
            if isCancelled() { return .cancelled }
            if now - start > limits.whole { return .timedOut }
            if let silence = limits.silence, now - lastWord > silence { return .silent }
            if input.isEmpty, isInputOpen, !keepsInputOpen {
                shutdown(channels.input, Int32(SHUT_WR))
                isInputOpen = false
            }
            var events = [
                pollfd(fd: input.isEmpty ? -1 : channels.input, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: isOutputOpen ? channels.output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: areErrorsOpen ? channels.errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            // Often enough to notice a cancellation and the limits.
            guard poll(&events, 3, 100) > 0 else { continue }
            if events[0].revents != 0 { write() }
            if events[1].revents != 0 {
                let bytes = Self.read(channels.output)
                isOutputOpen = !bytes.isEmpty
                output += bytes
                onOutput(bytes)
                lastWord = .now
            }
            if events[2].revents != 0 {
                let bytes = Self.read(channels.errors)
                areErrorsOpen = !bytes.isEmpty
                errors += bytes
            }
            if max(output.count, errors.count) > limits.outputBytesMax { return .tooMuchOutput }
        }
        return nil
    }

    private mutating func write() {
        let count = input.withUnsafeBytes {
            send(channels.input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if count > 0 {
            input = input.dropFirst(count)
        } else if errno != EAGAIN, errno != EINTR {
            // It does not want to read any more.
            input = []
        }
    }

    private static func read(_ file: Int32) -> [UInt8] {
        let size = 16 << 10
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, Glibc.read(file, buffer.baseAddress, size))
        }
    }

    func close() { channels.closeOwnEnds() }
}
