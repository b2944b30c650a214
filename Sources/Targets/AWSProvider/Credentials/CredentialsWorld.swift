package import HTTPTypes

/// What sources of credentials look at: the program gives it to them, this target reads neither files nor variables.
package protocol CredentialsWorld: Sendable {
    /// A variable of the environment; nil where it is not set.
    func variable(_ name: String) -> String?

    /// - Returns: Nil where there is no such file.
    /// - Throws: `credentials.bad-file`
    func file(_ path: String) throws(CredentialsFailure) -> [UInt8]?

    /// Runs a command line as a shell does, without input; what it says on its errors is dropped, since it may be secret.
    func run(_ command: String, timeLimit: Duration) async -> ProgramEnd

    /// Sends a request to the scheme and authority that it names.
    func send(
        _ request: HTTPRequest, body: [UInt8], timeLimit: Duration
    ) async throws(TransportFailure) -> TransportReply

    /// Seconds since 1970.
    var now: Int { get }
}

/// How a program ended.
package enum ProgramEnd: Sendable, Hashable {
    case status(Int, output: [UInt8])
    case timedOut
    case notStarted
}

extension CredentialsWorld {
    /// A variable that is set to something.
    func set(_ name: String) -> String? {
        guard let value = variable(name), !value.isEmpty else { return nil }
        return value
    }

    /// - Parameter path: A leading `~` is the home folder; nil where that is needed and not known.
    func expanded(_ path: String) -> String? {
        guard path.hasPrefix("~/") else { return path }
        return set("HOME").map { $0 + path.dropFirst() }
    }

    /// The text of a file that must be there.
    func text(_ path: String, _ what: String) throws(CredentialsFailure) -> String {
        guard let bytes = try expanded(path).flatMap({ (path) throws(CredentialsFailure) in try file(path) }) else {
            throw CredentialsFailure(.badFile, "\(what): there is no file `\(path)`")
        }
        var text = Substring(decoding: bytes, as: UTF8.self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// Requests to one host, over what the world offers.
struct WorldTransport: Transport {
    let world: any CredentialsWorld
    /// `http` or `https`
    let scheme: String

    func send(_ request: HTTPRequest, body: [UInt8]) async throws(TransportFailure) -> TransportReply {
        var request = request
        request.scheme = scheme
        return try await world.send(request, body: body, timeLimit: Limits.tokenServiceTime)
    }
}
