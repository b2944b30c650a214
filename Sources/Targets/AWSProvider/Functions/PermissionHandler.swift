import HTTPTypes
import JSON
import Resources

/// Statements of a function's policy: who may call it.
struct PermissionHandler: ObjectHandler {
    let client: APIGatewayClient

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        let (id, function) = (call.address.key, call.document["function"]?.string ?? call.address.root)
        switch call.operation {
        case "AddPermission":
            var body: JSONObject = ["StatementId": .string(id), "Action": .string(Self.invoke)]
            for (field, member) in Self.members {
                if let value = call.after?[field] { body[member] = value }
            }
            do {
                _ = try await client.call(.post, FunctionHandler.path(function, "policy"), body: .object(body))
            } catch let failure where failure.targetCode == "ResourceConflictException" {
                // There already, as it is wanted; or the function is being changed.
                guard let found = try await document(function, id) else {
                    throw ProviderFailure(
                        .conflict, failure.message, effect: .deferred(retryAfter: .seconds(1)),
                        targetCode: failure.targetCode)
                }
                guard found == call.after.map({ JSONValue.object($0) }) else { throw failure }
            }
            return Identity(physicalID: id, attributes: ["function": function])
        case "RemovePermission":
            do {
                _ = try await client.call(.delete, FunctionHandler.path(function, "policy", id))
            } catch let failure where failure.code == .notFound {
                // Gone already, alone or with the function: what is wanted.
            }
            return nil
        default: throw .unknownCall(call.operation)
        }
    }

    private static let invoke = "lambda:InvokeFunction"
    private static let members = [
        ("action", "Action"), ("principal", "Principal"), ("sourceArn", "SourceArn"),
        ("sourceAccount", "SourceAccount"),
    ]

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        let function = lookup.identity?.attributes["function"] ?? lookup.address.root
        guard let document = try await document(function, lookup.address.key) else { return nil }
        return ObservedObject(
            identity: Identity(physicalID: lookup.address.key, attributes: ["function": function]),
            document: document)
    }

    /// The statement in normal form; nil where there is none.
    private func document(_ function: String, _ id: String) async throws(ProviderFailure) -> JSONValue? {
        guard let text = try await client.read(FunctionHandler.path(function, "policy"))?["Policy"]?.string else {
            return JSONValue?.none
        }
        let policy: JSONValue
        do {
            policy = try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw ProviderFailure(
                .badReply, "the policy of the function `\(function)` is not JSON", effect: .none, cause: error)
        }
        guard let statement = policy["Statement"]?.array?.first(where: { $0["Sid"]?.string == id }) else {
            return JSONValue?.none
        }
        var document: JSONObject = ["function": .string(function)]
        document["principal"] = Self.principal(statement["Principal"])
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
