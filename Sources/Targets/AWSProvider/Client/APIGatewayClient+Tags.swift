import HTTPTypes
import JSON
import Resources

extension APIGatewayClient {
    /// - Parameter path: `restapis/abc123`
    func arn(_ path: String) -> String { AWSPartition.gatewayARN(path, in: region) }

    /// Sets the tags that differ and removes those that are gone.
    ///
    /// - Parameter path: What the ARN ends with: `restapis/abc123`.
    func setTags(_ path: String, from before: JSONObject, to after: JSONObject) async throws(ProviderFailure) {
        let arn = arn(path)
        let gone = before.names.filter { after[$0] == nil }
        let set = after.filter { before[$0.name] != $0.value }
        if !set.isEmpty {
            let tags = JSONObject(set.map { ($0.name, $0.value) })
            _ = try await call(.put, APIPath("tags", arn), body: ["tags": .object(tags)])
        }
        guard !gone.isEmpty else { return }
        let path = APIPath("tags", arn, query: gone.map { ("tagKeys", $0) })
        guard !set.isEmpty else {
            _ = try await call(.delete, path)
            return
        }
        do {
            _ = try await callRepeatedly(.delete, path)
        } catch {
            // The new tags are there already, so the step as a whole was not without effect, nor is it only put off.
            throw error.withUnknownEffect
        }
    }
}
