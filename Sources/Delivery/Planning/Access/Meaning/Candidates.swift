import IAMPolicy
import JSON

/// Requests that may have another answer after a change, made from the statements of both sides.
struct Candidates {
    private(set) var pairs: [(action: String, resource: String)] = []
    /// The empty one first.
    private(set) var contexts: [RequestContext] = [RequestContext()]
    /// Statements differ whose conditions no context is known for.
    private(set) var mayDependOnConditions = false
    private(set) var isCut = false
    /// False if both sides have the same statements.
    private(set) var hasChanges = false

    private let home: AccessHome
    /// What `${aws:username}` stands for.
    private let user: String

    init(before: [PolicyStatement], after: [PolicyStatement], home: AccessHome, user: String) {
        self.home = home
        self.user = user
        let old = Set(before.map { $0.canonical })
        let new = Set(after.map { $0.canonical })
        let changed = before.filter { !new.contains($0.canonical) } + after.filter { !old.contains($0.canonical) }
        hasChanges = !changed.isEmpty
        guard hasChanges else { return }
        let all = before + after
        addContexts(changed + all)
        addPairs(Self.actions(all, changed), resources(all, changed))
    }

    private mutating func addContexts(_ statements: [PolicyStatement]) {
        for statement in statements where !statement.conditions.isEmpty {
            guard let context = Witness.context(statement.conditions) else {
                mayDependOnConditions = true
                continue
            }
            if contexts.count < Limits.accessContextsMax, !contexts.contains(context) { contexts.append(context) }
        }
    }

    private mutating func addPairs(_ actions: [String], _ resources: [String]) {
        var seen: Set<String> = []
        for action in actions {
            let service = ActionCatalogue.service(action)
            var own = ActionCatalogue.resources(service, home)
            own += resources.filter { resource in
                guard let named = Self.service(of: resource) else { return true }
                return named == service || (service == "sts" && named == "iam")
            }
            for resource in own where seen.insert("\(action) \(resource)").inserted {
                guard pairs.count < Limits.accessPairsMax else {
                    isCut = true
                    return
                }
                pairs.append((action, resource))
            }
        }
    }

    private static func service(of resource: String) -> String? {
        let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 ? String(parts[2]) : nil
    }

    /// In the order of the catalogue, then of the statements.
    private static func actions(_ all: [PolicyStatement], _ changed: [PolicyStatement]) -> [String] {
        var found = ActionCatalogue.actions
        for pattern in all.flatMap(\.actions.patterns) where pattern != "*" {
            let key = pattern.lowercased()
            if !key.contains("*"), !key.contains("?") {
                found.append(pattern)
            } else if !ActionCatalogue.actions.contains(where: { matches(key, $0.lowercased()) }) {
                found.append(Witness.text(of: pattern, star: "Any"))
            }
        }
        var seen: Set<String> = []
        return found.filter { action in
            let key = action.lowercased()
            guard seen.insert(key).inserted else { return false }
            return changed.contains { statement in
                statement.actions.patterns.contains { matches($0.lowercased(), key) } != statement.actions.isExcluding
            }
        }
    }

    private static func matches(_ pattern: String, _ text: String) -> Bool { Witness.common(pattern, text) != nil }

    private func resources(_ all: [PolicyStatement], _ changed: [PolicyStatement]) -> [String] {
        let patterns = all.flatMap { $0.resources?.patterns ?? [] }.map {
            $0.replacing("${aws:username}", with: user)
        }
        var found: [String] = []
        for pattern in patterns where pattern != "*" {
            if let arn = Witness.arn(of: pattern, home) { found.append(arn) }
        }
        // Where two patterns meet, what the one gives the other may take.
        let moved = Set(changed.flatMap { $0.resources?.patterns ?? [] }).sorted().prefix(Limits.accessPatternsMax)
        for pattern in moved where pattern != "*" {
            for other in Set(patterns).sorted().prefix(Limits.accessPatternsMax) where other != pattern {
                guard other != "*", let common = Witness.common(pattern, other) else { continue }
                if let arn = Witness.arn(of: common, home) { found.append(arn) }
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }
    }
}
