import Foundation
import Glibc
import JSON
import Testing

/// `gatewright serve` or `gatewright engine` under test, on free ports.
final class Server: Sendable {
    let program: Program
    private let repository: Repository

    private init(_ program: Program, _ repository: Repository) {
        self.program = program
        self.repository = repository
    }

    /// Follows `main`; ready once the first commit is live.
    static func serve(
        _ repository: Repository, environment: [String: String] = [:], _ options: String...
    ) async throws -> Server {
        let server = try await start(repository, following(repository) + options, environment: environment)
        try await server.eventually("`/readyz` to answer 200") {
            let answer = try await server.controller("/readyz")
            return (answer.status == 200, answer.text)
        }
        return server
    }

    /// Follows `main` without waiting for anything but its listeners.
    static func start(again repository: Repository, environment: [String: String] = [:]) async throws -> Server {
        try await start(repository, following(repository), environment: environment)
    }

    /// As above, with the command's own options.
    static func serving(_ repository: Repository, _ options: String...) async throws -> Server {
        try await start(repository, following(repository) + options)
    }

    private static func following(_ repository: Repository) -> [String] {
        ["serve", "--repo", repository.folder, "--ref", "main", "--interval", "200ms", "--listen", "127.0.0.1:0"]
    }

    /// The engine alone.
    static func engine(
        _ repository: Repository, environment: [String: String] = [:], _ options: String...
    ) async throws -> Server {
        try await engine(repository, options, environment: environment)
    }

    static func engine(
        _ repository: Repository, _ options: [String], environment: [String: String] = [:]
    ) async throws -> Server {
        try await start(repository, ["engine"] + options, environment: environment)
    }

    private static func start(
        _ repository: Repository, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Server {
        let listeners = repository.folder + "/.gatewright/listeners.json"
        if FileManager.default.fileExists(atPath: listeners) {
            try FileManager.default.removeItem(atPath: listeners)
        }
        // First, so that a test's own win.
        let ports = ["--management-listen", "127.0.0.1:0", "--data-listen", "127.0.0.1:0"]
        let program = try Program(
            "gatewright", arguments.prefix(1) + ports + arguments.dropFirst(), in: repository.folder,
            repository.workspace, environment: environment)
        let server = Server(program, repository)
        try await server.eventually("`listeners.json`") {
            (FileManager.default.fileExists(atPath: listeners), listeners)
        }
        return server
    }

    /// Asks again until it is so; fails at once when the server has ended.
    func eventually(_ what: String, _ attempt: () async throws -> (holds: Bool, seen: String)) async throws {
        try await until(what) {
            try #require(program.isRunning, "\(program.output)")
            let (holds, seen) = try await attempt()
            return (holds ? () : nil, "\(seen)\n\(program.output.all)")
        }
    }

    /// HOST:PORT of `controller`, `data` or `management`.
    func address(_ listener: String) throws -> String {
        let document = try JSONValue(parsing: Array(repository.read(".gatewright/listeners.json").utf8))
        return try #require(document[listener]?.string)
    }

    /// - Parameter options: curl's own.
    func controller(_ path: String, _ options: [String] = []) async throws -> Answer {
        try await Site(url: "http://\(address("controller"))", workspace: repository.workspace).get(path, options)
    }

    /// Asks the controller to look now.
    func wake() async throws {
        let site = Site(url: "http://\(try address("controller"))", workspace: repository.workspace)
        let answer = try await site.get("/wake", "--request", "POST")
        try #require(answer.status == 202, "\(answer.text)")
    }

    /// The one environment in `/status`.
    func status() async throws -> JSONValue {
        let answer = try await controller("/status")
        return try #require(JSONValue(parsing: Array(answer.body.utf8))["environments"]?.array?.first)
    }

    /// Waits for a `state`, and for the commit that it is about.
    @discardableResult
    func reaches(_ state: String, commit: String) async throws -> JSONValue {
        try await until("commit \(commit) to be \(state)") {
            let status = try await status()
            let isThere =
                status["state"]?.string == state && status["headCommit"]?.string == commit
                && (state != "ready" || status["appliedCommit"]?.string == commit)
            return (isThere ? status : JSONValue?.none, status.text(.pretty) + program.output.all)
        }
    }

    /// The site that `show` prints for an API's stage, as it is printed.
    func site(_ api: String, stage: String = "test") async throws -> Site {
        let shown = try await repository.gatewright("show", "RestApi/\(api)")
        try #require(shown.status == 0, "\(shown)")
        let words = shown.out.split(whereSeparator: \.isWhitespace).map(String.init)
        let url = try #require(words.first { $0.hasPrefix("http://") && $0.hasSuffix("/\(stage)") }, "\(shown)")
        return Site(url: url, workspace: repository.workspace)
    }

    /// A call of the AWS command line against the management listener.
    func aws(_ arguments: String...) async throws -> JSONValue { try await aws(arguments) }

    func aws(_ arguments: [String]) async throws -> JSONValue {
        let output = try await Program.run(
            "aws",
            arguments + [
                "--endpoint-url", "http://\(try address("management"))", "--region", "us-east-1", "--output", "json",
            ], in: repository.folder, repository.workspace,
            environment: ["AWS_SHARED_CREDENTIALS_FILE": repository.folder + "/.gatewright/credentials"])
        try #require(output.status == 0, "\(output)")
        return output.out.isEmpty ? .null : try JSONValue(parsing: Array(output.out.utf8))
    }

    /// The ids of the first API and of a path of it.
    func resource(_ path: String) async throws -> (api: String, resource: String) {
        let api = try #require(try await aws("apigateway", "get-rest-apis")["items"]?[0]?["id"]?.string)
        let all = try await aws("apigateway", "get-resources", "--rest-api-id", api)["items"]?.array ?? []
        return (api, try #require(all.first { $0["path"]?.string == path }?["id"]?.string, "\(all)"))
    }

    /// Ends it as a user or a service manager does.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) async throws -> Output {
        program.signal(signal)
        return try await program.end(within: Limits.shutdownSecondsMax)
    }
}
