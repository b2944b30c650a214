import Foundation
import JSON
import Testing

/// The pet store that APIs call: `petstore-stub` on a free port.
final class Backend: Sendable {
    private let program: Program
    private let workspace: Workspace
    let url: String

    init(_ workspace: Workspace) async throws {
        self.workspace = workspace
        let program = try Program("petstore-stub", ["--port", "0"], workspace)
        self.program = program
        url = try await until("petstore-stub to listen") {
            let output = program.output
            return (output.out.firstMatch(of: /http:\/\/[0-9.]+:[0-9]+/).map { String($0.0) }, output.all)
        }
    }

    /// `METHOD TARGET` of what it was last asked, oldest first.
    var requests: [String] {
        get async throws {
            let answer = try await Site(url: url, workspace: workspace).get("/__requests")
            let entries = try #require(JSONValue(parsing: Array(answer.body.utf8)).array)
            return entries.map { "\($0["method"]?.string ?? "?") \($0["target"]?.string ?? "?")" }
        }
    }

    func stop() async throws {
        program.signal(SIGTERM)
        try await program.end(within: Limits.shutdownSecondsMax)
    }
}
