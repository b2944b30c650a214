import JSON
import Resources

/// Applied, observed and desired side by side, object by object.
struct DriftComparison {
    private let input: DriftInput
    /// What each object was applied as, with symbolic references.
    private let baselines: [Address: JSONValue]
    private let desired: [Address: JSONValue]?
    private let recordedIdentities: [Address: Identity]
    private let identities: [Address: Identity]
    private(set) var lines: [DriftLine] = []

    init(_ input: DriftInput) {
        self.input = input
        var baselines = Dictionary(input.recorded.map { ($0.address, $0.document) }) { first, _ in first }
        for resource in input.applied.map(Deployments.derived)?.resources ?? [] {
            baselines[resource.address] = resource.document
        }
        self.baselines = baselines
        desired = input.desired.map { graph in
            Dictionary(Deployments.derived(in: graph).resources.map { ($0.address, $0.document) }) { first, _ in first }
        }
        recordedIdentities = Dictionary(input.recorded.map { ($0.address, $0.identity) }) { first, _ in first }
        identities = recordedIdentities.merging(input.observed.objects.mapValues(\.identity)) { _, new in new }
        let applied = input.applied.map { Set($0.resources.lazy.map(\.address)) }
        for (address, document) in baselines {
            // A version that was kept beside the one that was applied is nobody's to miss.
            if address.kind == .documentationVersion, let applied, !applied.contains(address) { continue }
            compare(address, document)
        }
        for (address, object) in input.observed.objects where baselines[address] == nil { undeclared(address, object) }
        for stranger in input.strangers { add(stranger) }
    }

    // MARK: What was applied

    private mutating func compare(_ address: Address, _ document: JSONValue) {
        guard let found = input.observed.objects[address] else {
            if input.observed.addresses.contains(address) { missing(address, document) }
            return
        }
        var line = DriftLine(
            sort: .changed, address: address, driftClass: .cosmetic, physicalID: found.identity.physicalID)
        if !found.matches(document, of: address.kind, identities) {
            let now = found.document(like: document, of: address.kind, identities)
            let isDropped = desired != nil && desired?[address] == nil
            line.properties = DriftProperty.between(
                document, now, desired: desired?[address] ?? document, kind: address.kind)
            if isDropped { for position in line.properties.indices { line.properties[position].drop() } }
            line.facts += [LostPrincipals.sentence(found.document)].compactMap(\.self) + wish(of: address)
            // It can never change: the definition names another version.
            line.isCorrectable = address.kind != .documentationVersion
        }
        if address.kind == .stage, let served = input.served[address] { describe(served, document, &line) }
        guard !line.properties.isEmpty || line.isBeyondProperties else { return }
        line.driftClass = max(line.driftClass, line.properties.map(\.driftClass).max() ?? .functional)
        lines.append(line)
    }

    /// An API that is gone took everything in it along: that is one line.
    private mutating func missing(_ address: Address, _ document: JSONValue) {
        let api = Address(.restAPI, address.root)
        if address.kind.belongsToAPI, address != api, baselines[api] != nil, input.observed.objects[api] == nil {
            return
        }
        var line = DriftLine(
            sort: .missing, address: address, driftClass: driftClass(address.kind, from: document, to: nil))
        if address == api {
            let count = baselines.keys.count { $0.root == address.root && !$0.kind.isObjectOfItsOwn } - 1
            line.facts = ["it took \(count) object\(count == 1 ? "" : "s") along"]
            line.driftClass = .functional
        }
        line.facts += wish(of: address)
        lines.append(line)
    }

    // MARK: What nobody declared

    private mutating func undeclared(_ address: Address, _ object: ObservedObject) {
        // Deployments beside the one that is meant are left to the pruning.
        guard address.kind != .deployment else { return }
        let api = Address(.restAPI, address.root)
        let isOwn = address.kind.isObjectOfItsOwn
        guard isOwn || address == api || baselines[api] != nil else { return }
        var line = DriftLine(
            sort: .undeclared, address: address,
            driftClass: driftClass(address.kind, from: nil, to: object.document), physicalID: object.identity.physicalID
        )
        line.isCorrectable = address.kind.isPartOfDefinition
        if address.kind == .permission {
            line.facts.append("somebody added it to the function's policy: declare it in `permissions`, or remove it")
        } else if isOwn || address == api {
            line.facts.append("it is marked as made from here, and nothing of it is recorded")
        }
        if desired?[address] == object.document { line.facts.append("the next commit wants it as it is") }
        lines.append(line)
    }

    private mutating func add(_ stranger: Stranger) {
        let address = stranger.address ?? Address(.restAPI, stranger.physicalID)
        // Read by its marker already.
        guard !lines.contains(where: { $0.physicalID == stranger.physicalID && $0.address.kind == .restAPI }) else {
            return
        }
        var line = DriftLine(
            sort: .undeclared, address: address, driftClass: .functional, physicalID: stranger.physicalID)
        line.isCorrectable = false
        line.facts = [
            stranger.address == nil
                ? "the API `\(stranger.name)` carries no mark of Gatewright"
                : "the API `\(stranger.name)` is marked as made from here, and is not recorded"
        ]
        lines.append(line)
    }

    private func driftClass(_ kind: ResourceKind, from before: JSONValue?, to after: JSONValue?) -> DriftClass {
        if AccessEffect(of: kind, from: before, to: after).contains(.widens) { return .accessWidening }
        return KindTable.object(kind)?.isCosmetic == true ? .cosmetic : .functional
    }

    private func wish(of address: Address) -> [String] {
        desired != nil && desired?[address] == nil ? ["the next commit does not want it any more"] : []
    }
}

// MARK: What a stage serves

extension DriftComparison {
    /// Says what callers of a stage get, if that is not what was applied.
    private func describe(_ served: ServedDefinition, _ document: JSONValue, _ line: inout DriftLine) {
        let names = Set(line.properties.compactMap { $0.path.names.first })
        let isOther = names.contains("deployment")
        let differences = differences(of: served.routes, in: line.address.root)
        guard isOther || names.contains("canarySettings") || !differences.isEmpty else { return }
        line.sort = .servesSomethingElse
        let meant = recordedIdentities[Address(.deployment, line.address.root)]?.physicalID
        if isOther {
            line.facts.append("it serves the deployment `\(served.deploymentID)`, \(origin(of: served))")
            if let meant { line.facts.append("the deployment that was applied is `\(meant)`") }
        }
        let canary = line.properties.filter { $0.path.names.first == "canarySettings" }
        if let id = canary.first(where: { $0.path.names.last == "deploymentId" })?.observed?.string {
            let percent = canary.first { $0.path.names.last == "percentTraffic" }?.observed?.text(.compact)
            let share = percent.map { "\($0)%" } ?? "some"
            line.facts.append("a canary sends \(share) of the callers to the deployment `\(id)`")
        }
        guard !differences.isEmpty else { return }
        line.facts += differences.prefix(Limits.routesShownMax).map(\.text)
        if differences.count > Limits.routesShownMax {
            line.facts.append("\(differences.count - Limits.routesShownMax) more routes differ")
        }
        line.driftClass = differences.map(\.driftClass).reduce(line.driftClass, max)
        guard !isOther else { return }
        line.isBeyondProperties = true
        line.isCorrectable = !line.properties.isEmpty
        line.facts.append(
            "the deployment `\(served.deploymentID)` froze another definition than the one that was applied")
    }

    private func origin(of served: ServedDefinition) -> String {
        let time = served.created.map { " on \(DriftTime.text($0))" } ?? ""
        guard let commit = served.commit else { return "made by somebody else\(time)" }
        return "made from here\(time) for the commit \(commit.prefix(7))"
    }

    private struct RouteDifference {
        let text: String
        let driftClass: DriftClass
    }

    /// Empty where the target does not say what it serves.
    private func differences(of routes: [String: ServedDefinition.Route]?, in root: String) -> [RouteDifference] {
        guard let routes else { return [] }
        var expected: [String: JSONValue] = [:]
        for (address, document) in baselines where address.kind == .method && address.root == root {
            expected[address.key] = document
        }
        return Set(routes.keys).union(expected.keys).sorted().compactMap { key in
            let route = routes[key].map { route -> JSONValue in
                ["authorizationType": .string(route.authorizationType), "apiKeyRequired": .bool(route.apiKeyRequired)]
            }
            let wanted = expected[key].map { document -> JSONValue in
                [
                    "authorizationType": document["authorizationType"] ?? "NONE",
                    "apiKeyRequired": document["apiKeyRequired"] ?? false,
                ]
            }
            guard route != wanted else { return nil }
            return RouteDifference(
                text: Self.text(key, wanted, route), driftClass: driftClass(.method, from: wanted, to: route))
        }
    }

    private static func text(_ key: String, _ wanted: JSONValue?, _ served: JSONValue?) -> String {
        func words(_ route: JSONValue) -> String {
            let key = route["apiKeyRequired"]?.bool == true ? " with a key" : ""
            return (route["authorizationType"]?.string ?? "NONE") + key
        }
        return switch (wanted, served) {
        case (let wanted?, let served?): "it serves `\(key)` for \(words(served)) instead of \(words(wanted))"
        case (nil, let served?): "it serves `\(key)` for \(words(served)), which was not applied"
        default: "it does not serve `\(key)`"
        }
    }
}
