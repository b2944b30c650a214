import HTTPTypes
import JSON
import Resources

/// The settings of the account: always there on the target, and an object of ours while they say something.
struct AccountHandler: ObjectHandler {
    let client: APIGatewayClient

    private static let path = APIPath("account")
    private static let identity = Identity(physicalID: "account")

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        guard call.operation == "UpdateAccount" else { throw .unknownCall(call.operation) }
        let patch = PatchOperations.account(role: call.after?["cloudwatchRoleArn"]?.string)
        _ = try await client.call(.patch, Self.path, body: patch.body)
        return call.after == nil ? nil : Self.identity
    }

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        guard let role = try await client.read(Self.path)?["cloudwatchRoleArn"]?.string, !role.isEmpty else {
            return nil
        }
        return ObservedObject(identity: Self.identity, document: .object(["cloudwatchRoleArn": .string(role)]))
    }

    func all() async throws(ProviderFailure) -> [Identity] { [Self.identity] }
}

extension PatchOperations {
    /// - Parameter role: Empty for none.
    static func account(role: String?) -> PatchOperations {
        var patch = Self()
        patch.add("replace", "/cloudwatchRoleArn", role ?? "")
        return patch
    }
}
