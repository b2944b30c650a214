import Glibc
import JSON

/// `listeners.json` in the data directory: which addresses the running process took.
struct ListenerFile {
    let directory: DataDirectory

    /// Writes the file and says the same on standard output.
    static func publish(
        _ taken: [ListenerBoard.Listener: String], _ directory: DataDirectory, _ terminal: Terminal
    ) async {
        var document: JSONObject = ["pid": .number(JSONNumber(Int(getpid())))]
        for (listener, address) in taken.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where listener != .owner {
            document[listener.rawValue] = .string(address)
        }
        do {
            try FileText.write(
                JSONValue.object(document).text(.pretty) + "\n", to: directory.listenersPath, mode: 0o600)
        } catch {
            terminal.note(Reporter.text(of: error))
        }
        if let address = taken[.management] { terminal.say("management API  http://\(address)") }
        if let address = taken[.data] { terminal.say("deployed APIs   http://\(address)") }
        if let address = taken[.controller] { terminal.say("controller      http://\(address)/status") }
        terminal.say("credentials     AWS_SHARED_CREDENTIALS_FILE=\(directory.credentialsPath)")
    }

    /// The address of one listener; nil when no process wrote the file, or the one that did has ended.
    func address(_ listener: ListenerBoard.Listener) throws -> String? {
        guard let text = try FileText.read(directory.listenersPath) else { return nil }
        let document = try JSONValue(parsing: text)
        guard let pid = document["pid"]?.number?.int.flatMap({ pid_t(exactly: $0) }), pid > 0,
            kill(pid, 0) == 0 || errno == EPERM
        else { return nil }
        return document[listener.rawValue]?.string
    }
}
