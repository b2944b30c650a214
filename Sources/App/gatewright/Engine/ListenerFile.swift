import Glibc
import JSON

/// `listeners.json` in the data directory: which addresses the running process took.
struct ListenerFile {
    let directory: DataDirectory

    /// Writes the file and says the same on standard output.
    static func publish(
        _ taken: [ListenerBoard.Listener: String], tls: Set<ListenerBoard.Listener>, _ directory: DataDirectory,
        _ terminal: Terminal
    ) async {
        var document: JSONObject = ["pid": .number(JSONNumber(Int(getpid())))]
        for (listener, address) in taken.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where !listener.isSocket {
            document[listener.rawValue] = .string(address)
        }
        document["tls"] = .array(tls.map(\.rawValue).sorted().map { .string($0) })
        func url(_ listener: ListenerBoard.Listener) -> String? {
            taken[listener].map { "\(tls.contains(listener) ? "https" : "http")://\($0)" }
        }
        do {
            try FileText.write(
                JSONValue.object(document).text(.pretty) + "\n", to: directory.listenersPath, mode: 0o600)
        } catch {
            terminal.note(Reporter.text(of: error))
        }
        if let url = url(.management) { terminal.say("management API  \(url)") }
        if let url = url(.data) { terminal.say("deployed APIs   \(url)") }
        if let url = url(.controller) { terminal.say("controller      \(url)/status") }
        terminal.say("credentials     AWS_SHARED_CREDENTIALS_FILE=\(directory.credentialsPath)")
    }

    /// The URL of one listener, without a path; nil when no process wrote the file, or the one that did has ended.
    func url(_ listener: ListenerBoard.Listener) throws -> String? {
        guard let text = try FileText.read(directory.listenersPath) else { return nil }
        let document = try JSONValue(parsing: text)
        guard let pid = document["pid"]?.number?.int.flatMap({ pid_t(exactly: $0) }), pid > 0,
            kill(pid, 0) == 0 || errno == EPERM
        else { return nil }
        let isSecure = document["tls"]?.array?.contains(.string(listener.rawValue)) ?? false
        return document[listener.rawValue]?.string.map { "\(isSecure ? "https" : "http")://\($0)" }
    }
}
