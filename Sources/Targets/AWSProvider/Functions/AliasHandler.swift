import HTTPTypes
import JSON
import Resources

/// Aliases of functions, and the versions that they point to.
///
/// A version that holds what is wanted is taken where there is one, else `$LATEST` is published. So an alias goes back to
/// the version that it came from, and a call that was made twice publishes once.
///
/// - Note: Source: Lambda API reference, `PublishVersion`, `CreateAlias`, read 2026-10-20.
struct AliasHandler: ObjectHandler {
    let client: APIGatewayClient

    /// What an alias is called: its function and its own name.
    private struct Place {
        let function: String
        let name: String

        /// As the service's ARN has it, or as the address says.
        init(_ identity: Identity?, _ address: Address) {
            let parts = identity?.physicalID.split(separator: ":", omittingEmptySubsequences: false) ?? []
            let isARN = parts.count == 8
            function = isARN ? String(parts[6]) : address.root
            name = isARN ? String(parts[7]) : address.key
        }

        var path: APIPath { FunctionHandler.path(function, "aliases", name) }
    }

    // MARK: Calls

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        switch call.operation {
        case "CreateAlias": return try await create(call)
        case "UpdateAlias":
            let place = Place(call.identity, call.address)
            var body = try await body(call, place.function)
            // What is absent stays as it is: nothing has to be said.
            body["Description"] = body["Description"] ?? ""
            body["RoutingConfig"] = body["RoutingConfig"] ?? ["AdditionalVersionWeights": [:]]
            return try identity(of: try await client.change(.put, place.path, .object(body)), call.operation)
        case "DeleteAlias":
            do {
                _ = try await client.change(.delete, Place(call.identity, call.address).path)
            } catch let failure where failure.code == .notFound {
                // Gone already, alone or with the function: what is wanted.
            }
            return nil
        default: throw .unknownCall(call.operation)
        }
    }

    private func create(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        let (function, name) = (call.text("function") ?? call.address.root, call.address.key)
        var body = try await body(call, function)
        body["Name"] = .string(name)
        let path = FunctionHandler.path(function, "aliases")
        do {
            return try identity(of: try await client.call(.post, path, body: .object(body)), call.operation)
        } catch let failure where failure.targetCode == "ResourceConflictException" {
            // There already, as it is wanted; or the function is being changed.
            guard let found = try await find(FunctionHandler.path(function, "aliases", name), function) else {
                throw .deferred(failure)
            }
            guard let after = call.after, found.matches(.object(after), of: .alias, [:]) else { throw failure }
            return found.identity
        }
    }

    private func body(_ call: ObjectCall, _ function: String) async throws(ProviderFailure) -> JSONObject {
        var body = JSONObject()
        body["FunctionVersion"] = .string(try await version(call, function))
        body["Description"] = call.after?["description"]
        if let weights = call.after?["additionalVersionWeights"] {
            body["RoutingConfig"] = ["AdditionalVersionWeights": weights]
        }
        return body
    }

    private func identity(of reply: JSONValue, _ operation: String) throws(ProviderFailure) -> Identity {
        guard let identity = Self.identity(reply) else { throw .missingReply(operation) }
        return identity
    }

    // MARK: Versions

    /// The version that the alias is to point to; made, if there is none.
    private func version(_ call: ObjectCall, _ function: String) async throws(ProviderFailure) -> String {
        if let version = call.text("version") { return version }
        guard let content = call.after?["content"] else {
            throw .unknownCall("\(call.operation) without a version")
        }
        let versions = try await client.pages(FunctionHandler.path(function, "versions"), "Versions")
        let numbered = versions.compactMap { version in Self.number(version).map { ($0, version) } }
        if let found = numbered.sorted(by: { $0.0 > $1.0 }).first(where: { Self.holds($0.1, content) }) {
            return "\(found.0)"
        }
        guard let latest = versions.first(where: { $0["Version"] == "$LATEST" }), Self.holds(latest, content) else {
            throw ProviderFailure(
                .refused,
                "no version of the function `\(function)` holds what `\(call.address)` is to point to, and its code or "
                    + "configuration was changed since", effect: .none)
        }
        return try await publish(call, function, content)
    }

    private func publish(
        _ call: ObjectCall, _ function: String, _ content: JSONValue
    ) async throws(ProviderFailure) -> String {
        var body: JSONObject = [
            "Description": .string("\(Self.mark)environment=\(call.context.environment) commit=\(call.context.commit)]")
        ]
        body["CodeSha256"] = content["code"]
        let reply = try await client.change(
            .post, FunctionHandler.path(function, "versions"), .object(body))
        guard let number = Self.number(reply) else { throw .missingReply("PublishVersion") }
        guard Self.holds(reply, content) else {
            throw ProviderFailure(
                .refused, "the function `\(function)` was changed while its version \(number) was published",
                effect: .none)
        }
        try await Usability.wait(for: call.address) { () async throws(ProviderFailure) in
            guard let now = try await configuration(function, "\(number)") else { return .gone }
            switch now["State"]?.string {
            case "Failed": return .failed(now["StateReason"]?.string)
            case "Pending": return .pending
            default: return .usable
            }
        }
        return "\(number)"
    }

    /// What the description of a version of ours begins with.
    private static let mark = "[gatewright "

    private static func number(_ configuration: JSONValue) -> Int? {
        configuration["Version"]?.string.flatMap { Int($0) }
    }

    private static func holds(_ configuration: JSONValue, _ content: JSONValue) -> Bool {
        normal(["content": .object(FunctionHandler.content(of: configuration))])["content"]
            == normal(["content": content])["content"]
    }

    private static func normal(_ document: JSONObject) -> JSONValue {
        KindTable.object(.alias)?.normalForm(of: .object(document)) ?? .object(document)
    }

    private func configuration(_ function: String, _ version: String) async throws(ProviderFailure) -> JSONValue? {
        var path = FunctionHandler.path(function, "configuration")
        path.query = [("Qualifier", version)]
        return try await client.read(path)
    }

    // MARK: Reading

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        let place = Place(lookup.identity, lookup.address)
        return try await find(place.path, place.function)
    }

    private func find(_ path: APIPath, _ function: String) async throws(ProviderFailure) -> ObservedObject? {
        guard let reply = try await client.read(path) else { return nil }
        guard let identity = Self.identity(reply), let version = reply["FunctionVersion"]?.string else {
            throw ProviderFailure(.badReply, "the reply about an alias of `\(function)` lacks its ARN", effect: .none)
        }
        var document: JSONObject = ["function": .string(function), "version": .string(version)]
        document["content"] = try await configuration(function, version).map {
            .object(FunctionHandler.content(of: $0))
        }
        document["description"] = reply["Description"]
        document["additionalVersionWeights"] = reply["RoutingConfig"]?["AdditionalVersionWeights"]
        return ObservedObject(identity: identity, document: Self.normal(document))
    }

    private static func identity(_ reply: JSONValue) -> Identity? {
        guard let arn = reply["AliasArn"]?.string, let name = reply["Name"]?.string,
            arn.split(separator: ":", omittingEmptySubsequences: false).count == 8,
            let invokeARN = FunctionHandler.invokeARN(arn)
        else { return nil }
        var attributes = ["name": name, "arn": arn, "invokeArn": invokeARN]
        attributes["version"] = reply["FunctionVersion"]?.string
        return Identity(physicalID: arn, attributes: attributes)
    }

    // MARK: Old versions

    /// Of our versions that no alias names the newest stay: the way back.
    func tidy(_ identity: Identity) async throws(ProviderFailure) -> Int {
        let function = Place(identity, Address(.alias, identity.physicalID)).function
        var used: Set<String> = []
        for alias in try await client.pages(FunctionHandler.path(function, "aliases"), "Aliases") {
            used.formUnion(alias["FunctionVersion"]?.string.map { [$0] } ?? [])
            used.formUnion(alias["RoutingConfig"]?["AdditionalVersionWeights"]?.object?.names ?? [])
        }
        let old = try await client.pages(FunctionHandler.path(function, "versions"), "Versions")
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
