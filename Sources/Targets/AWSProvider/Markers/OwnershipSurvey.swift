import HTTPTypes
import JSON
import Resources

/// Reads and writes the markers of APIs: the environment, the address and the commit.
struct OwnershipSurvey {
    let client: APIGatewayClient

    /// Every API that has a tag of ours, in the order of the target's list.
    func read() async throws(ProviderFailure) -> [OwnedObject] {
        var found: [OwnedObject] = []
        for item in try await client.list(APIPath("restapis")).compactMap(\.object) {
            guard let id = item["id"]?.string, let tags = item["tags"]?.object,
                tags.names.contains(where: { $0.hasPrefix(OwnershipMarker.tagPrefix) })
            else { continue }
            var marker = OwnedObject.Marker(tags: tags)
            if case .of(let environment, let address, let commits) = marker {
                let all = commits + (try await deployedCommits(id))
                marker = .of(environment: environment, address, commits: all)
            }
            found.append(OwnedObject(physicalID: id, name: item["name"]?.string ?? id, marker: marker))
        }
        return found
    }

    /// Of our newest deployments: a deployment is made by a commit that the tags may be older than.
    private func deployedCommits(_ apiID: String) async throws(ProviderFailure) -> [String] {
        let ours = try await client.list(APIPath("restapis", apiID, "deployments")).compactMap(\.object)
            .sorted { ($0["createdDate"]?.number?.double ?? 0) > ($1["createdDate"]?.number?.double ?? 0) }
            .compactMap { SnapshotMarker(description: $0["description"]?.string)?.commit }
        return Array(ours.prefix(Limits.deployedCommitsMax))
    }

    /// One call for an API; its token stays as it was.
    func write(
        _ address: Address, _ identity: Identity, environment: String, commit: String
    ) async throws(ProviderFailure) {
        let tags: JSONObject = [
            "gatewright:address": .string(address.description), "gatewright:commit": .string(commit),
            "gatewright:environment": .string(environment),
        ]
        let arn = client.arn("restapis/\(identity.physicalID)")
        do {
            _ = try await client.call(.put, APIPath("tags", arn), body: ["tags": .object(tags)])
        } catch {
            // Those of the API's creation stay: only the commit is an older one.
            guard error.code == .missingOperation, client.isPartial else { throw error }
        }
    }
}

extension OwnedObject.Marker {
    init(tags: JSONObject) {
        func tag(_ name: String) -> String? { tags[OwnershipMarker.tagPrefix + name]?.string }
        guard let environment = tag("environment"), !environment.isEmpty else {
            self = .damaged("it names no environment")
            return
        }
        guard let text = tag("address"), let address = Address(text: text), address.key.isEmpty,
            address.kind == .restAPI || address.kind.isObjectOfItsOwn
        else {
            self = .damaged("`\(tag("address") ?? "")` is not the address of an object that is marked")
            return
        }
        let commits = [tag("commit")].compactMap { $0 }.filter(OwnershipMarker.isCommit)
        self = .of(environment: environment, address, commits: commits)
    }
}

extension OwnershipMarker {
    /// 40 or 64 hex digits.
    static func isCommit(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count) && text.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
