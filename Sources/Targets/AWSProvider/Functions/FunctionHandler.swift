import Bytes
import HTTPTypes
import JSON
import Resources

/// Functions: their code, their configuration, and how many run at once.
///
/// - Note: Source: Lambda API reference, read 2026-10-20.
struct FunctionHandler: ObjectHandler {
    let client: APIGatewayClient
    let code: (any CodeShelf)?
    let secrets: (any SecretSource)?

    private var variables: VariableSecrets { VariableSecrets(source: secrets, field: "environment") }

    static func path(_ parts: String...) -> APIPath { APIPath(["2015-03-31", "functions"] + parts) }
    private static func concurrency(_ name: String) -> APIPath {
        APIPath("2017-10-31", "functions", name, "concurrency")
    }

    // MARK: Calls

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        if call.operation == "CreateFunction" { return try await create(call) }
        guard let identity = call.identity else {
            throw ProviderFailure(.notFound, "the name of `\(call.address)` is not known", effect: .none)
        }
        let name = identity.physicalID
        switch call.operation {
        case "DeleteFunction":
            do {
                _ = try await client.change(.delete, Self.path(name))
            } catch let failure where failure.code == .notFound {
                // Gone already: what is wanted.
            }
        case "UpdateFunctionCode":
            let body: JSONObject = ["ZipFile": .string(try archive(call))]
            _ = try await client.change(.put, Self.path(name, "code"), .object(body))
        case "UpdateFunctionConfiguration":
            let texts = try variables.texts(call.document["environment"])
            var body = Self.configuration(call.document, texts)
            // What is absent stays as it is: nothing has to be said.
            if body["Environment"] == nil { body["Environment"] = ["Variables": [:]] }
            if body["Description"] == nil { body["Description"] = "" }
            do {
                _ = try await client.change(.put, Self.path(name, "configuration"), .object(body))
            } catch {
                throw error.hiding(texts.hidden)
            }
            return self.identity(identity, texts)
        case "PutFunctionConcurrency":
            let count = call.after?["reservedConcurrentExecutions"] ?? 0
            _ = try await client.change(.put, Self.concurrency(name), ["ReservedConcurrentExecutions": count])
        case "DeleteFunctionConcurrency":
            do {
                _ = try await client.change(.delete, Self.concurrency(name))
            } catch let failure where failure.code == .notFound {
                // None is kept: what is wanted, unless the function is gone, which the next look shows.
            }
        case "TagFunction", "UntagFunction":
            try await setTags(
                identity, from: call.before?["tags"]?.object ?? [:], to: call.after?["tags"]?.object ?? [:])
        case FunctionMoves.wait: try await waitUntilUsable(name, call.address)
        default: throw .unknownCall(call.operation)
        }
        return nil
    }

    private func create(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        let name = call.text("name") ?? call.address.name
        let texts = try variables.texts(call.document["environment"])
        var body = Self.configuration(call.document, texts)
        body["FunctionName"] = .string(name)
        body["Code"] = ["ZipFile": .string(try archive(call))]
        var tags = call.after?["tags"]?.object ?? [:]
        for (tag, value) in OwnershipMarker(call.context, call.address).tags { tags[tag] = .string(value) }
        body["Tags"] = .object(tags)
        let reply: JSONValue
        do {
            reply = try await client.call(.post, APIPath("2015-03-31", "functions"), body: .object(body))
        } catch {
            throw error.hiding(texts.hidden)
        }
        guard let made = Self.identity(reply) else { throw .missingReply(call.operation) }
        return self.identity(made, texts)
    }

    /// With the fingerprints of the secrets that were sent, and no others.
    private func identity(_ identity: Identity, _ texts: VariableSecrets.Texts) -> Identity {
        let old = variables.fingerprints(of: identity)
        var identity = identity
        identity.attributes = identity.attributes.filter { old[$0.key] == nil }
        identity.attributes.merge(texts.fingerprints) { _, new in new }
        return identity
    }

    /// The archive that the document tells by its hash, in base64.
    private func archive(_ call: ObjectCall) throws(ProviderFailure) -> String {
        guard let hash = call.text("code") else { throw .unknownCall("\(call.operation) without code") }
        guard let code else {
            throw ProviderFailure(
                .codeMissing, "the code `\(hash)` of `\(call.address)` is needed, and nothing here keeps code",
                effect: .none)
        }
        return Base64.text(of: try code.code(hash))
    }

    private static func configuration(_ document: JSONObject, _ texts: VariableSecrets.Texts) -> JSONObject {
        var body = JSONObject()
        for (field, member) in members { body[member] = document[field] }
        if !texts.variables.isEmpty { body["Environment"] = ["Variables": .object(texts.variables)] }
        body["MemorySize"] = body["MemorySize"] ?? 128
        body["Timeout"] = body["Timeout"] ?? 3
        return body
    }

    /// What is called so in documents, and so by the service.
    private static let members = [
        ("description", "Description"), ("runtime", "Runtime"), ("handler", "Handler"), ("role", "Role"),
        ("memorySize", "MemorySize"), ("timeout", "Timeout"),
    ]

    private func setTags(
        _ identity: Identity, from before: JSONObject, to after: JSONObject
    ) async throws(ProviderFailure) {
        guard let arn = identity.attributes["arn"] else {
            throw ProviderFailure(.notFound, "the ARN of `\(identity.physicalID)` is not known", effect: .none)
        }
        let gone = before.names.filter { after[$0] == nil }
        let set = after.filter { before[$0.name] != $0.value }
        if !set.isEmpty {
            let tags = JSONObject(set.map { ($0.name, $0.value) })
            _ = try await client.change(.post, APIPath("2017-03-31", "tags", arn), ["Tags": .object(tags)])
        }
        if !gone.isEmpty {
            _ = try await client.change(
                .delete, APIPath(["2017-03-31", "tags", arn], query: gone.map { ("tagKeys", $0) }))
        }
    }

    // MARK: Reading

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        let name = lookup.identity?.physicalID ?? lookup.address.name
        guard let reply = try await client.read(Self.path(name)) else { return nil }
        guard let configuration = reply["Configuration"], var identity = Self.identity(configuration) else {
            throw ProviderFailure(.badReply, "the reply about `\(name)` has no `Configuration`", effect: .none)
        }
        let tags = reply["Tags"]?.object ?? [:]
        if lookup.identity == nil, !lookup.isOwn(tags.texts) { return nil }
        var document = Self.content(of: configuration)
        document["name"] = .string(identity.physicalID)
        document["description"] = configuration["Description"]
        document["environment"] = try variables.hidden(document["environment"], known: lookup.identity)
        identity.attributes.merge(variables.fingerprints(of: lookup.identity)) { _, new in new }
        document["reservedConcurrentExecutions"] = reply["Concurrency"]?["ReservedConcurrentExecutions"]
        document["tags"] = .object(
            JSONObject(
                tags.filter { !$0.name.hasPrefix(OwnershipMarker.tagPrefix) }.map { ($0.name, $0.value) }))
        let form = JSONValue.object(document)
        return ObservedObject(
            identity: identity, document: KindTable.object(.function)?.normalForm(of: form) ?? form)
    }

    private static func identity(_ configuration: JSONValue) -> Identity? {
        guard let name = configuration["FunctionName"]?.string, let arn = configuration["FunctionArn"]?.string else {
            return nil
        }
        guard let invokeARN = invokeARN(arn) else { return nil }
        return Identity(physicalID: name, attributes: ["name": name, "arn": arn, "invokeArn": invokeARN])
    }

    /// What integrations call for a function, or an alias of it.
    static func invokeARN(_ arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 7 else { return nil }
        return "arn:\(parts[1]):apigateway:\(parts[3]):lambda:path/2015-03-31/functions/\(arn)/invocations"
    }

    /// What a version holds, in the form of documents.
    static func content(of configuration: JSONValue) -> JSONObject {
        var content = JSONObject()
        for (field, member) in members where field != "description" { content[field] = configuration[member] }
        content["code"] = configuration["CodeSha256"]
        content["environment"] = configuration["Environment"]?["Variables"]
        return content
    }

    func owned() async throws(ProviderFailure) -> [OwnedObject] {
        var found: [OwnedObject] = []
        for identity in try await client.pages(Self.path(), "Functions").compactMap(Self.identity) {
            guard let arn = identity.attributes["arn"],
                let tags = try await client.read(APIPath("2017-03-31", "tags", arn))?["Tags"]?.object,
                let owned = OwnedObject(identity, tags: tags.texts)
            else { continue }
            found.append(owned)
        }
        return found
    }

    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure) {
        try await setTags(identity, from: [:], to: JSONObject(tags.map { ($0.0, .string($0.1)) }))
    }

    // MARK: Waiting

    /// Until a function that was made or changed takes calls, and further changes; throws as ``Usability`` does.
    private func waitUntilUsable(_ name: String, _ address: Address) async throws(ProviderFailure) {
        try await Usability.wait(for: address) { () async throws(ProviderFailure) in
            guard let now = try await client.read(Self.path(name, "configuration")) else { return .gone }
            let (state, update) = (now["State"]?.string, now["LastUpdateStatus"]?.string)
            if state == "Failed" || update == "Failed" {
                return .failed((now["StateReason"] ?? now["LastUpdateStatusReason"])?.string)
            }
            return state == "Pending" || update == "InProgress" ? .pending : .usable
        }
    }
}

extension APIGatewayClient {
    /// One call; while another change of the function is under way it is refused for a moment.
    func change(
        _ method: HTTPRequest.Method, _ path: APIPath, _ body: JSONValue? = nil
    ) async throws(ProviderFailure) -> JSONValue {
        do {
            return try await call(method, path, body: body)
        } catch let failure where failure.targetCode == "ResourceConflictException" {
            throw .deferred(failure)
        }
    }

    /// All elements of a list of Lambda's, over its pages; none where the list is not there.
    func pages(_ path: APIPath, _ member: String) async throws(ProviderFailure) -> [JSONValue] {
        var found: [JSONValue] = []
        var path = path
        for _ in 0..<Limits.pagesMax {
            guard let page = try await read(path) else { return found }
            guard let elements = page[member]?.array else {
                throw ProviderFailure(.badReply, "a list of functions has no `\(member)`", effect: .none)
            }
            found += elements
            guard let next = page["NextMarker"]?.string, !next.isEmpty else { return found }
            path.query = [("Marker", next)]
        }
        throw ProviderFailure(
            .badReply, "the list of `\(member)` has more than \(Limits.pagesMax) pages", effect: .none)
    }
}

extension ProviderFailure {
    /// What is in conflict with something that passes.
    static func deferred(_ failure: ProviderFailure) -> ProviderFailure {
        ProviderFailure(
            .conflict, failure.message, effect: .deferred(retryAfter: .seconds(1)), targetCode: failure.targetCode)
    }
}

extension JSONObject {
    /// Members whose values are texts.
    var texts: [String: String] {
        Dictionary(compactMap { member in member.value.string.map { (member.name, $0) } }) { first, _ in first }
    }
}
