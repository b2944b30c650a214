import HTTPTypes
import JSON
import Resources

/// Deletes the oldest deployments of one API that were made here and that no stage serves.
struct DeploymentPruning {
    let client: APIGatewayClient
    let apiID: String

    /// - Returns: How many were deleted.
    func run() async throws(ProviderFailure) -> Int {
        let ours = try await client.list(APIPath("restapis", apiID, "deployments"))
            .filter { SnapshotMarker(description: $0["description"]?.string) != nil }
            .sorted { ($0["createdDate"]?.number?.double ?? 0) > ($1["createdDate"]?.number?.double ?? 0) }
        guard ours.count > Limits.deploymentsKept else { return 0 }
        let stages = try await client.read(APIPath("restapis", apiID, "stages"))?["item"]?.array ?? []
        let served = Set(stages.compactMap { $0["deploymentId"]?.string })
        var removed = 0
        for deployment in ours.dropFirst(Limits.deploymentsKept) {
            guard let id = deployment["id"]?.string, !served.contains(id) else { continue }
            do {
                _ = try await client.call(.delete, APIPath("restapis", apiID, "deployments", id))
                removed += 1
            } catch let failure where failure.effect == .none {
                // Served again meanwhile, or gone already: it stays as it is.
            }
        }
        return removed
    }
}
