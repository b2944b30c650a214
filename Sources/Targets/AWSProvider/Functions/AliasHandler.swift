import HTTPTypes
import JSON
import Resources

/// Aliases of functions; ``PublishedVersions`` has what they point to.
///
/// - Note: Source: Lambda API reference, `CreateAlias`, `UpdateAlias`, read 2026-10-20.
struct AliasHandler: ObjectHandler {
    let client: APIGatewayClient
    let secrets: (any SecretSource)?

    private var variables: VariableSecrets { VariableSecrets(source: secrets, field: "content.environment") }

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
            let version = try await version(call, place.function)
            var body = body(call, version)
            // What is absent stays as it is: nothing has to be said.
            body["Description"] = body["Description"] ?? ""
            body["RoutingConfig"] = body["RoutingConfig"] ?? ["AdditionalVersionWeights": [:]]
            return try identity(
                of: try await client.change(.put, place.path, .object(body)), version, call.operation)
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
        let version = try await version(call, function)
        var body = body(call, version)
        body["Name"] = .string(name)
        let path = FunctionHandler.path(function, "aliases")
        do {
            let reply = try await client.call(.post, path, body: .object(body))
            return try identity(of: reply, version, call.operation)
        } catch let failure where failure.targetCode == "ResourceConflictException" {
            // There already, as it is wanted; or the function is being changed.
            let known = Identity(physicalID: name, attributes: version.fingerprints)
            guard let found = try await find(FunctionHandler.path(function, "aliases", name), function, known) else {
                throw .deferred(failure)
            }
            guard let after = call.after, found.matches(.object(after), of: .alias, [:]) else { throw failure }
            return found.identity
        }
    }

    private func version(
        _ call: ObjectCall, _ function: String
    ) async throws(ProviderFailure) -> PublishedVersions.Version {
        if let number = call.text("version") { return PublishedVersions.Version(number: number) }
        return try await versions(of: function).version(for: call)
    }

    private func versions(of function: String) -> PublishedVersions {
        PublishedVersions(client: client, variables: variables, function: function)
    }

    private func body(_ call: ObjectCall, _ version: PublishedVersions.Version) -> JSONObject {
        var body: JSONObject = ["FunctionVersion": .string(version.number)]
        body["Description"] = call.after?["description"]
        if let weights = call.after?["additionalVersionWeights"] {
            body["RoutingConfig"] = ["AdditionalVersionWeights": weights]
        }
        return body
    }

    private func identity(
        of reply: JSONValue, _ version: PublishedVersions.Version, _ operation: String
    ) throws(ProviderFailure) -> Identity {
        guard var identity = Self.identity(reply) else { throw .missingReply(operation) }
        identity.attributes.merge(version.fingerprints) { _, new in new }
        return identity
    }

    // MARK: Reading

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        let place = Place(lookup.identity, lookup.address)
        return try await find(place.path, place.function, lookup.identity)
    }

    private func find(
        _ path: APIPath, _ function: String, _ known: Identity?
    ) async throws(ProviderFailure) -> ObservedObject? {
        guard let reply = try await client.read(path) else { return nil }
        guard var identity = Self.identity(reply), let version = reply["FunctionVersion"]?.string else {
            throw ProviderFailure(.badReply, "the reply about an alias of `\(function)` lacks its ARN", effect: .none)
        }
        var document: JSONObject = ["function": .string(function), "version": .string(version)]
        if let configuration = try await versions(of: function).configuration(version) {
            var content = FunctionHandler.content(of: configuration)
            content["environment"] = try variables.hidden(content["environment"], known: known)
            document["content"] = .object(content)
        }
        identity.attributes.merge(variables.fingerprints(of: known)) { _, new in new }
        document["description"] = reply["Description"]
        document["additionalVersionWeights"] = reply["RoutingConfig"]?["AdditionalVersionWeights"]
        return ObservedObject(identity: identity, document: PublishedVersions.normal(document))
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

    /// Of our versions that no alias names the newest stay: the way back.
    func tidy(_ identity: Identity) async throws(ProviderFailure) -> Int {
        try await versions(of: Place(identity, Address(.alias, identity.physicalID)).function).tidy()
    }
}
