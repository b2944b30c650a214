/// What a command printed, and how it ended.
struct Output: Sendable, CustomStringConvertible {
    var command: String
    /// 128 and the signal's number where one ended it; -1 while it runs.
    var status: Int32
    var out: String
    var err: String

    var all: String { out + err }
    var description: String { "`\(command)` exited with \(status):\n\(all)" }

    /// The codes of its messages: `error[target.kebab-words]`.
    var codes: [String] {
        all.matches(of: /(?:error|warning|because|note) ?\[([a-z0-9-]+\.[a-z0-9-]+)\]/).map { String($0.1) }
    }
}
