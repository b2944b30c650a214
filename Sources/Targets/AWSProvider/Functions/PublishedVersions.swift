import HTTPTypes
import JSON
import Resources

/// The versions of one function.
///
/// A version that holds what is wanted is taken where there is one, else `$LATEST` is published. So an alias goes back to
/// the version that it came from, and a call that was made twice publishes once.
///
/// - Note: Source: Lambda API reference, `PublishVersion`, read 2026-10-20.
struct PublishedVersions {
    let client: APIGatewayClient
    let variables: VariableSecrets
    let function: String

    struct Version: Sendable {
        let number: String
        /// Of the secrets among the version's variables.
        var fingerprints: [String: String] = [:]
    }

    /// What the description of a version of ours begins with.
    private static let mark = "[gatewright "

    /// The version that the alias of the call is to point to; made, if there is none.
    func version(for call: ObjectCall) async throws(ProviderFailure) -> Version {
        guard let content = call.after?["content"] else {
            throw .unknownCall("\(call.operation) without a version")
        }
        let wanted = try Self.revealed(content, variables)
        let all = try await all()
        let numbered = all.filter { Self.number($0) != nil }
            .sorted { (Self.number($0) ?? 0) > (Self.number($1) ?? 0) }
        if let found = numbered.first(where: { Self.content($0) == wanted }) { return try version(found, content) }
        if let latest = all.first(where: { $0["Version"] == "$LATEST" }), Self.content(latest) == wanted {
            return try version(try await publish(call, wanted), content)
        }
        // On the way back from a change that came with another secret: the text of before is in the version alone.
        if let found = numbered.first(where: { Self.content($0, besides: content) == content }) {
            return try version(found, content)
        }
        throw ProviderFailure(
            .refused,
            "no version of the function `\(function)` holds what `\(call.address)` is to point to, and its code or "
                + "configuration was changed since", effect: .none)
    }

    private func version(_ configuration: JSONValue, _ content: JSONValue) throws(ProviderFailure) -> Version {
        guard let number = Self.number(configuration) else { throw .missingReply("PublishVersion") }
        let texts = configuration["Environment"]?["Variables"]
        return Version(
            number: "\(number)", fingerprints: try variables.fingerprints(content["environment"], having: texts))
    }

    private func publish(_ call: ObjectCall, _ wanted: JSONValue) async throws(ProviderFailure) -> JSONValue {
        var body: JSONObject = [
            "Description": .string("\(Self.mark)environment=\(call.context.environment) commit=\(call.context.commit)]")
        ]
        body["CodeSha256"] = wanted["code"]
        let reply = try await client.change(.post, FunctionHandler.path(function, "versions"), .object(body))
        guard let number = Self.number(reply) else { throw .missingReply("PublishVersion") }
        guard Self.content(reply) == wanted else {
            throw ProviderFailure(
                .refused, "the function `\(function)` was changed while its version \(number) was published",
                effect: .none)
        }
        try await Usability.wait(for: call.address) { () async throws(ProviderFailure) in
            guard let now = try await configuration("\(number)") else { return .gone }
            switch now["State"]?.string {
            case "Failed": return .failed(now["StateReason"]?.string)
            case "Pending": return .pending
            default: return .usable
            }
        }
        return reply
    }

    /// Nil where there is no such version.
    func configuration(_ version: String) async throws(ProviderFailure) -> JSONValue? {
        var path = FunctionHandler.path(function, "configuration")
        path.query = [("Qualifier", version)]
        return try await client.read(path)
    }

    private func all() async throws(ProviderFailure) -> [JSONValue] {
        try await client.pages(FunctionHandler.path(function, "versions"), "Versions")
    }

    private static func number(_ configuration: JSONValue) -> Int? {
        configuration["Version"]?.string.flatMap { Int($0) }
    }

    // MARK: Content

    /// - Parameter wanted: Whose secrets stand in place of the texts; nil shows the texts.
    private static func content(_ configuration: JSONValue, besides wanted: JSONValue? = nil) -> JSONValue? {
        var content = FunctionHandler.content(of: configuration)
        var variables = content["environment"]?.object ?? [:]
        for (name, value) in wanted?["environment"]?.object ?? [:]
        where SecretPlace(value) != nil && variables[name] != nil { variables[name] = value }
        content["environment"] = .object(variables)
        return normal(["content": .object(content)])["content"]
    }

    /// With the texts of its secrets.
    private static func revealed(
        _ content: JSONValue, _ variables: VariableSecrets
    ) throws(ProviderFailure) -> JSONValue {
        guard var revealed = content.object else { return content }
        revealed["environment"] = .object(try variables.texts(content["environment"]).variables)
        return normal(["content": .object(revealed)])["content"] ?? content
    }

    static func normal(_ document: JSONObject) -> JSONValue {
        KindTable.object(.alias)?.normalForm(of: .object(document)) ?? .object(document)
    }

    // MARK: Old versions

    /// - Returns: How many were removed: versions of ours that no alias names, all but the newest.
    func tidy() async throws(ProviderFailure) -> Int {
        var used: Set<String> = []
        for alias in try await client.pages(FunctionHandler.path(function, "aliases"), "Aliases") {
            used.formUnion(alias["FunctionVersion"]?.string.map { [$0] } ?? [])
            used.formUnion(alias["RoutingConfig"]?["AdditionalVersionWeights"]?.object?.names ?? [])
        }
        let old = try await all()
            .filter { $0["Description"]?.string?.hasPrefix(Self.mark) == true }.compactMap(Self.number)
            .filter { !used.contains("\($0)") }.sorted(by: >).dropFirst(Limits.versionsKept)
        for number in old {
            var path = FunctionHandler.path(function)
            path.query = [("Qualifier", "\(number)")]
            do {
                _ = try await client.change(.delete, path)
            } catch let failure where failure.code == .notFound {
                // Gone already: what is wanted.
            }
        }
        return old.count
    }
}
