import ArgumentParser
import GitSource
import Glibc
import JSON

/// `gatewright git-transfer`: the process that talks to a remote for another one, which kills it at its time limit.
struct GitTransferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "git-transfer", abstract: "Fetch from a remote, as asked on the input.", shouldDisplay: false)

    func run() throws {
        guard let line = readLine(), let json = Self.document(line), let request = TransferRequest(json) else {
            throw ValidationError("this command is started by others, with a request on its input")
        }
        // A remote that goes away is an error, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        InputWatch.start()
        do throws(GitFailure) {
            let transfer = try Transfer(request) { Self.say($0) }
            Self.say(.done(default: try transfer.run()))
        } catch {
            Self.say(.failed(error))
            throw ExitCode(1)
        }
    }

    private static func document(_ line: String) -> JSONValue? {
        do { return try JSONValue(parsing: line) } catch { return nil }
    }

    private static func say(_ word: TransferWord) {
        let bytes = Array((word.line + "\n").utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Ends the process, and what it started, when nobody holds the other end of its input any more.
enum InputWatch {
    static func start() {
        var thread = pthread_t()
        guard unsafe pthread_create(&thread, nil, watchInput, nil) == 0 else { return }
        pthread_detach(thread)
    }
}

private func watchInput(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    var byte: UInt8 = 0
    while true {
        let count = unsafe read(0, &byte, 1)
        if count > 0 || (count < 0 && errno == EINTR) { continue }
        // Its own group, unless a person has started it.
        if getpgrp() == getpid() { kill(0, SIGKILL) }
        _exit(1)
    }
}
