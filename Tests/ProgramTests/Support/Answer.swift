import Foundation
import JSON
import Testing

/// A server as curl sees it.
struct Site: Sendable {
    let url: String
    let workspace: Workspace

    /// - Parameters:
    ///   - path: Appended to the URL.
    ///   - options: curl's own.
    func get(_ path: String, _ options: String...) async throws -> Answer { try await get(path, options) }

    func get(_ path: String, _ options: [String]) async throws -> Answer {
        try await Answer(curl: options + [url + path], workspace)
    }
}

/// What an HTTP server answered to curl.
struct Answer: Sendable {
    /// 0 where nobody answered.
    var status: Int
    var headers: [(name: String, value: String)]
    var body: String

    /// All of it, for the message of a failed expectation.
    var text: String {
        "\(status)\n" + headers.map { "\($0.name): \($0.value)\n" }.joined() + "\n" + body
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Equal as JSON, whatever the white space.
    func isJSON(_ text: String) throws -> Bool {
        try JSONValue(parsing: Array(body.utf8)) == JSONValue(parsing: Array(text.utf8))
    }

    fileprivate init(curl arguments: [String], _ workspace: Workspace) async throws {
        let output = try await Program.run(
            "curl", ["--silent", "--include", "--max-time", "\(Limits.requestSecondsMax)"] + arguments, workspace)
        let parts = output.out.replacingOccurrences(of: "\r\n", with: "\n").split(
            separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\n")
        guard let first = lines.first?.split(separator: " "), first.count > 1, let status = Int(first[1]) else {
            (status, headers, body) = (0, [], "\(output)")
            return
        }
        headers = lines.dropFirst().map { line in
            let halves = line.split(separator: ":", maxSplits: 1)
            return (
                name: String(halves[0]),
                value: halves.count == 2 ? halves[1].trimmingCharacters(in: .whitespaces) : ""
            )
        }
        self.status = status
        body = parts.count == 2 ? String(parts[1]) : ""
    }
}
