import Diagnostics
import IAMPolicy
import JSON
import Manifests
import Planning
import Reconciling
import Resources

/// `gatewright why --from live`: with the policies that the account of an environment's target has now.
struct LiveQuestion {
    let command: WhyCommand

    func run(_ terminal: Terminal) async throws -> ExitStatus {
        guard let graph = try await command.graph(terminal) else { return .error }
        let directory = DataDirectory(
            option: command.global.dataDir, environment: command.global.environment, repository: command.folder)
        let connection = try await TargetConnection.open(
            graph.target, directory, command.global, try command.global.configuration(directory).values)
        let provider = connection.provider(environment: graph.environment)
        let policies = try await provider.accountPolicies()
        guard let account = policies.account ?? graph.target["aws"]?["accountId"]?.string else {
            throw CommandFailure(
                .unsupportedTarget,
                "the target of `\(graph.environment)` does not say which account it is: write `accountId`")
        }
        let home = AccessHome(partition: policies.partition, region: policies.region, account: account)
        var objects = policies.objects.map { ($0.key, $0.value.document) }
        var ids = policies.objects.mapValues(\.identity.physicalID)
        var notes: [String] = []
        if let api = try await api(named: command.resource, home, provider) {
            objects += api.objects.map { ($0.key, $0.value.document) }
            ids[api.address] = api.objects[api.address]?.identity.physicalID
            notes.append(
                "the routes and the policy of `\(api.address)` are those of its definition: a stage serves what was "
                    + "deployed to it last")
        } else if command.resource.hasPrefix("\(home.apiPrefix)"), !command.resource.contains("*") {
            notes.append("the account has no such API: its policy is not counted")
        }
        let world = AccessWorld(home: home, objects: objects, ids: ids, whole: "the account \(account)")
        let found = try command.answer(from: world, of: "the account \(account)")
        return command.say(
            WhyAnswer(
                request: found.request, decision: found.decision,
                notes: found.notes + notes + [sight(policies, account)]), terminal)
    }

    /// The API that a resource is a call of, with its definition and stages.
    ///
    /// - Throws: `command.ambiguous-object`
    private func api(
        named resource: String, _ home: AccessHome, _ provider: any ResourceProvider
    ) async throws -> (address: Address, objects: [Address: ObservedObject])? {
        let isWanted: (TargetInventory.Item) -> Bool
        let words = resource.split(separator: " ").map(String.init)
        if resource.hasPrefix(home.apiPrefix) {
            let id = resource.dropFirst(home.apiPrefix.count).prefix { $0 != "/" }
            isWanted = { $0.object.identity.physicalID == id }
        } else if let address = words.first.flatMap({ Address(text: $0) }), address.kind == .restAPI {
            isWanted = { $0.name == address.name }
        } else {
            return nil
        }
        let found = try await provider.inventory(of: [.restAPI]).items.filter(isWanted)
        guard let item = found.first else { return nil }
        guard found.count == 1 else {
            let ids = found.map { "`\($0.object.identity.physicalID)`" }.joined(separator: ", ")
            throw CommandFailure(
                .ambiguousObject, "the account has \(found.count) APIs that are called `\(item.name)`: \(ids)")
        }
        // Names with blanks cannot be written as addresses: such an API is asked for by its ARN.
        let name = item.name.contains(" ") ? item.object.identity.physicalID : item.name
        let address = Address(.restAPI, name)
        let objects = try await provider.observe(
            Resources.Observation(addresses: [address], identities: [address: item.object.identity], roots: [name]))
        return (address, objects)
    }

    /// What was looked at, and what nobody can look at from here.
    private func sight(_ policies: AccountPolicies, _ account: String) -> String {
        func count(_ kind: ResourceKind, _ word: String, _ many: String) -> String {
            let count = policies.objects.keys.count { $0.kind == kind }
            return "\(count) \(count == 1 ? word : many)"
        }
        let seen = [
            count(.user, "user", "users"), count(.group, "group", "groups"), count(.role, "role", "roles"),
        ].joined(separator: ", ")
        return "of the account \(account): \(seen) and \(count(.policy, "policy", "policies")) were seen; policies of "
            + "resources other than its APIs and roles, policies of an organization and of sessions were not"
    }
}
