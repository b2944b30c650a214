import HTTPTypes
import Synchronization

@testable import AWSProvider

/// An environment, files, programs and web services of a test.
final class FakeWorld: CredentialsWorld {
    typealias Web = @Sendable (HTTPRequest, String) -> (status: Int, body: String)?

    private let variables: [String: String]
    private let files: Mutex<[String: String]>
    private let programs: [String: ProgramEnd]
    private let web: Web
    private let sent = Mutex<[(request: HTTPRequest, body: String)]>([])
    private let time = Mutex(1_800_000_000)

    /// - Parameter web: Nil for a request that nobody answers.
    init(
        _ variables: [String: String] = [:], files: [String: String] = [:], programs: [String: ProgramEnd] = [:],
        web: @escaping Web = { _, _ in nil }
    ) {
        self.variables = variables.merging(["HOME": "/home/a"]) { old, _ in old }
        self.files = Mutex(files)
        self.programs = programs
        self.web = web
    }

    var requests: [(request: HTTPRequest, body: String)] { sent.withLock(\.self) }
    var now: Int { time.withLock(\.self) }

    func pass(_ seconds: Int) { time.withLock { $0 += seconds } }
    func write(_ path: String, _ text: String) { files.withLock { $0[path] = text } }

    func variable(_ name: String) -> String? { variables[name] }

    func file(_ path: String) throws(CredentialsFailure) -> [UInt8]? {
        files.withLock { $0[path] }.map { Array($0.utf8) }
    }

    func run(_ command: String, timeLimit: Duration) async -> ProgramEnd { programs[command] ?? .notStarted }

    func send(
        _ request: HTTPRequest, body: [UInt8], timeLimit: Duration
    ) async throws(TransportFailure) -> TransportReply {
        let body = String(decoding: body, as: UTF8.self)
        sent.withLock { $0.append((request, body)) }
        guard let answer = web(request, body) else { throw TransportFailure(.notSent, "nobody answers") }
        return TransportReply(response: HTTPResponse(status: .init(code: answer.status)), body: Array(answer.body.utf8))
    }

    func obtain() async throws(CredentialsFailure) -> ObtainedCredentials {
        try await CredentialsChain(self, region: "eu-west-1").obtain()
    }

    /// What a token service answers, its key named after the role that was asked for.
    static func tokens(_ request: HTTPRequest, _ body: String) -> (status: Int, body: String)? {
        guard request.method == .post else { return nil }
        let action = body.contains("WebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole"
        let name = body.split(separator: "&").first { $0.hasPrefix("RoleArn=") }?.split(separator: "F").last ?? "none"
        return (
            200,
            "<R><\(action)Result><Credentials><AccessKeyId>ASIA-\(name)</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                + "<SessionToken>t</SessionToken><Expiration>2027-01-15T09:00:00Z</Expiration></Credentials>"
                + "</\(action)Result></R>"
        )
    }
}
