import HTTPTypes
import JSON
import Resources

/// Statements of the policy of a function, or of an alias: who may call it.
struct PermissionHandler: ObjectHandler {
    let client: APIGatewayClient

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        let (qualifier, id) = Self.place(call.address)
        let function = call.document["function"]?.string ?? call.address.root
        switch call.operation {
        case "AddPermission":
            var body: JSONObject = ["StatementId": .string(id), "Action": .string(Self.invoke)]
            for (field, member) in Self.members {
                if let value = call.after?[field] { body[member] = value }
            }
            do {
                _ = try await client.call(.post, Self.path(function, qualifier), body: .object(body))
            } catch let failure where failure.targetCode == "ResourceConflictException" {
                // There already, as it is wanted; or the function is being changed.
                guard let found = try await document(function, qualifier, id) else {
                    throw .deferred(failure)
                }
                guard found == call.after.map({ JSONValue.object($0) }) else { throw failure }
            }
            return Identity(physicalID: id, attributes: ["function": function])
        case "RemovePermission":
            do {
                _ = try await client.call(.delete, Self.path(function, qualifier, id))
            } catch let failure where failure.code == .notFound {
                // Gone already, alone or with the function: what is wanted.
            }
            return nil
        default: throw .unknownCall(call.operation)
        }
    }

    /// The alias, if it is one's, and the statement's id.
    private static func place(_ address: Address) -> (qualifier: String?, id: String) {
        guard let blank = address.key.firstIndex(of: " ") else { return (nil, address.key) }
        return (String(address.key[..<blank]), String(address.key[address.key.index(after: blank)...]))
    }

    /// False for a statement of another version or alias, which some endpoints answer as well.
    private static func isOf(_ qualifier: String?, _ statement: JSONValue) -> Bool {
        let parts = statement["Resource"]?.string?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        // arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]
        guard parts.count >= 7, parts[5] == "function" else { return true }
        return parts.count == 7 ? qualifier == nil : parts.last.map(String.init) == qualifier
    }

    private static func address(of id: String, _ qualifier: String?, in root: String) -> Address {
        Address(.permission, in: root, (qualifier.map { "\($0) " } ?? "") + id)
    }

    private static func path(_ function: String, _ qualifier: String?, _ id: String? = nil) -> APIPath {
        APIPath(
            ["2015-03-31", "functions", function, "policy"] + (id.map { [$0] } ?? []),
            query: qualifier.map { [("Qualifier", $0)] } ?? [])
    }

    private static let invoke = "lambda:InvokeFunction"
    private static let members = [
        ("action", "Action"), ("principal", "Principal"), ("sourceArn", "SourceArn"),
        ("sourceAccount", "SourceAccount"),
    ]

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        let function = lookup.identity?.attributes["function"] ?? lookup.address.root
        let (qualifier, id) = Self.place(lookup.address)
        guard let document = try await document(function, qualifier, id) else { return nil }
        return ObservedObject(
            identity: Identity(physicalID: id, attributes: ["function": function]),
            document: document)
    }

    /// Every statement of these functions and aliases, whoever added it.
    ///
    /// - Parameter found: What was observed; other kinds are passed by.
    func all(of found: [Address: ObservedObject]) async throws(ProviderFailure) -> [Address: ObservedObject] {
        var permissions: [Address: ObservedObject] = [:]
        for (address, object) in found where address.kind == .function || address.kind == .alias {
            let qualifier = address.kind == .alias ? address.key : nil
            let function = object.document["function"]?.string ?? object.identity.physicalID
            for statement in try await statements(of: function, qualifier) where Self.isOf(qualifier, statement) {
                guard let id = statement["Sid"]?.string else { continue }
                permissions[Self.address(of: id, qualifier, in: address.root)] = ObservedObject(
                    identity: Identity(physicalID: id, attributes: ["function": function]),
                    document: Self.document(statement, function, qualifier))
            }
        }
        return permissions
    }

    /// The statement in normal form; nil where there is none.
    private func document(
        _ function: String, _ qualifier: String?, _ id: String
    ) async throws(ProviderFailure) -> JSONValue? {
        try await statements(of: function, qualifier).first { $0["Sid"]?.string == id }
            .map { Self.document($0, function, qualifier) }
    }

    /// Empty where there is no policy.
    private func statements(
        of function: String, _ qualifier: String?
    ) async throws(ProviderFailure) -> [JSONValue] {
        guard let text = try await client.read(Self.path(function, qualifier))?["Policy"]?.string else { return [] }
        do {
            return try JSONValue(parsing: Array(text.utf8))["Statement"]?.array ?? []
        } catch {
            throw ProviderFailure(
                .badReply, "the policy of the function `\(function)` is not JSON", effect: .none, cause: error)
        }
    }

    /// In normal form.
    private static func document(_ statement: JSONValue, _ function: String, _ qualifier: String?) -> JSONValue {
        var document: JSONObject = ["function": .string(function)]
        document["qualifier"] = qualifier.map { .string($0) }
        document["principal"] = principal(statement["Principal"])
        document["action"] = statement["Action"]
        for (_, tests) in statement["Condition"]?.object ?? [:] {
            for (key, value) in tests.object ?? [:] {
                switch key.lowercased() {
                case "aws:sourcearn": document["sourceArn"] = value
                case "aws:sourceaccount": document["sourceAccount"] = value
                default: document[key] = value
                }
            }
        }
        let form = JSONValue.object(document)
        return KindTable.object(.permission)?.normalForm(of: form) ?? form
    }

    /// As AddPermission takes it: an account is written as its number.
    private static func principal(_ value: JSONValue?) -> JSONValue? {
        guard let text = (value?["Service"] ?? value?["AWS"] ?? value)?.string else { return value }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let isAccount = parts.count == 6 && parts[2] == "iam" && parts[5] == "root"
        return .string(isAccount ? String(parts[4]) : text)
    }
}
