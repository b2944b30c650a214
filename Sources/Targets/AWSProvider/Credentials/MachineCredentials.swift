import HTTPTypes
import JSON

/// The role of the machine that this process runs on, by version 2 of its metadata service.
///
/// - Note: Source: AWS SDKs and Tools Reference Guide, "IMDS credential provider".
struct MachineCredentials {
    enum Answer: Sendable {
        case found(ObtainedCredentials)
        /// Why there are none, for the end of a sentence.
        case none(String)
    }

    private let world: any CredentialsWorld

    init(_ world: any CredentialsWorld) { self.world = world }

    func obtain() async throws(CredentialsFailure) -> Answer {
        guard world.set("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else {
            return .none("the machine's metadata is switched off (`AWS_EC2_METADATA_DISABLED`)")
        }
        let place = try endpoint()
        var token = HTTPRequest(
            method: .put, scheme: place.scheme, authority: place.authority, path: "/latest/api/token")
        token.headerFields[try Self.name("X-aws-ec2-metadata-token-ttl-seconds")] = "21600"
        guard let answer = await ask(token) else { return .none("no metadata service of a machine answers") }
        guard answer.response.status == .ok, !answer.body.isEmpty else {
            return .none("the machine's metadata service gives no token (status \(answer.response.status.code))")
        }
        let session = String(decoding: answer.body, as: UTF8.self)
        let folder = "/latest/meta-data/iam/security-credentials/"
        guard let roles = try await read(folder, place, session),
            let role = roles.split(whereSeparator: \.isNewline).first.map(String.init)
        else { return .none("the machine has no role") }
        let source = "the machine's role `\(role)`"
        guard let text = try await read(folder + APIPath.escaped(role), place, session) else {
            return .none("the machine's role `\(role)` is gone")
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw CredentialsFailure(.sourceFailed, "\(source): the answer is not JSON")
        }
        guard document["Code"]?.string ?? "Success" == "Success" else {
            throw CredentialsFailure(.sourceFailed, "\(source): the metadata service cannot assume it")
        }
        return .found(try ObtainedCredentials(document, .metadata, source: source))
    }

    /// - Returns: Nil for what is not there.
    private func read(
        _ path: String, _ place: ServiceEndpoint, _ token: String
    ) async throws(CredentialsFailure) -> String? {
        var request = HTTPRequest(method: .get, scheme: place.scheme, authority: place.authority, path: path)
        request.headerFields[try Self.name("X-aws-ec2-metadata-token")] = token
        guard let reply = await ask(request) else {
            throw CredentialsFailure(.unreachable, "the machine's role: its metadata service stopped answering")
        }
        switch reply.response.status.code {
        case 200: return String(decoding: reply.body, as: UTF8.self)
        case 404: return nil
        case let status:
            throw CredentialsFailure(.unreachable, "the machine's role: its metadata service answers with \(status)")
        }
    }

    /// - Returns: Nil where nobody answers.
    private func ask(_ request: HTTPRequest) async -> TransportReply? {
        let seconds = min(max(world.set("AWS_METADATA_SERVICE_TIMEOUT").flatMap(Int.init) ?? 1, 1), 60)
        let tries = min(max(world.set("AWS_METADATA_SERVICE_NUM_ATTEMPTS").flatMap(Int.init) ?? 1, 1), 10)
        for _ in 0..<tries {
            do {
                return try await world.send(request, body: [], timeLimit: .seconds(seconds))
            } catch {
                if Task.isCancelled { return nil }
            }
        }
        return nil
    }

    private func endpoint() throws(CredentialsFailure) -> ServiceEndpoint {
        if let named = world.set("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
            guard let endpoint = ServiceEndpoint(named) else {
                throw CredentialsFailure(.sourceFailed, "`AWS_EC2_METADATA_SERVICE_ENDPOINT` is not `http://HOST:PORT`")
            }
            return endpoint
        }
        let isIPv6 = world.set("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased() == "ipv6"
        return ServiceEndpoint(scheme: "http", authority: isIPv6 ? "[fd00:ec2::254]" : "169.254.169.254")
    }

    private static func name(_ text: String) throws(CredentialsFailure) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("`\(text)` is a header name") }
        return name
    }
}
