import Testing

/// moto's server, for one test, on a port of its own: AWS as far as it goes.
struct Moto: Sendable {
    let program: Program
    let url: String

    init(_ workspace: Workspace, environment: [String: String] = [:]) async throws {
        let program = try Program("moto_server", ["-H", "127.0.0.1", "-p", "0"], workspace, environment: environment)
        self.program = program
        url = try await until("moto_server to listen") {
            let text = program.output.all
            return (text.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/).map { String($0.0) }, text)
        }
    }
}
