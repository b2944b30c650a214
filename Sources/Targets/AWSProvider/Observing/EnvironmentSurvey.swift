import JSON
import Resources

/// Reads all that one environment has on the target: one list of the APIs, then a fixed handful of lists for each of ours,
/// whatever its size, and one read for each deployment that a stage serves.
struct EnvironmentSurvey {
    let client: APIGatewayClient
    let environment: String
    let observation: Observation

    func read() async throws(ProviderFailure) -> TargetSurvey {
        var survey = TargetSurvey(objects: [:])
        let apis = try await client.list(APIPath("restapis")).compactMap(\.object)
        guard apis.allSatisfy({ $0["id"]?.string != nil }) else {
            throw ProviderFailure(.badReply, "the target lists an API without an id", effect: .none)
        }
        let roots = Set(observation.addresses.lazy.filter { !$0.kind.isObjectOfItsOwn }.map(\.root)).union(
            observation.roots
        ).sorted()
        var ours: Set<String> = []
        for root in roots {
            let reading = APIObservation(client: client, environment: environment, root: root, observation: observation)
            guard let document = reading.own(among: apis), let id = document["id"]?.string else { continue }
            ours.insert(id)
            let found = try await reading.survey(document)
            survey.objects.merge(found.objects) { _, new in new }
            survey.served.merge(found.served) { _, new in new }
        }
        survey.strangers = apis.compactMap { stranger($0, ours) }.sorted { $0.physicalID < $1.physicalID }
        return survey
    }

    /// Nil for an API of ours, or of another environment.
    private func stranger(_ document: JSONObject, _ ours: Set<String>) -> Stranger? {
        guard let id = document["id"]?.string, !ours.contains(id) else { return nil }
        let tags = document["tags"]
        let owner = tags?["gatewright:environment"]?.string
        guard owner == nil || owner == environment else { return nil }
        return Stranger(
            physicalID: id, name: document["name"]?.string ?? "",
            address: owner == nil ? nil : tags?["gatewright:address"]?.string.flatMap { Address(text: $0) })
    }
}
