import HTTPTypes
import JSON
import Resources

/// The settings of the account: always there on the target, and an object of ours while they say something.
struct AccountSettings {
    let client: APIGatewayClient

    private static let path = APIPath("account")

    func observe() async throws(ProviderFailure) -> ObservedObject? {
        guard let role = try await client.read(Self.path)?["cloudwatchRoleArn"]?.string, !role.isEmpty else {
            return nil
        }
        return ObservedObject(
            identity: Identity(physicalID: "account"), document: .object(["cloudwatchRoleArn": .string(role)]))
    }

    /// - Parameter document: References answered; nil for no settings at all.
    func set(_ document: JSONObject?) async throws(ProviderFailure) {
        let patch = PatchOperations.account(role: document?["cloudwatchRoleArn"]?.string)
        _ = try await client.call(.patch, Self.path, body: patch.body)
    }
}

extension PatchOperations {
    /// - Parameter role: Empty for none.
    static func account(role: String?) -> PatchOperations {
        var patch = Self()
        patch.add("replace", "/cloudwatchRoleArn", role ?? "")
        return patch
    }
}
