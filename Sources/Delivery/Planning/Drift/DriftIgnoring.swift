import Diagnostics
import JSON
package import Resources

/// Drift that a rule leaves alone.
package struct IgnoredDrift: Sendable, Hashable {
    /// With the ignored properties only.
    package var line: DriftLine
    package var rule: DriftRule
}

/// Takes apart what is reported and what rules leave alone.
struct DriftIgnoring {
    private(set) var reported: [DriftLine] = []
    private(set) var ignored: [IgnoredDrift] = []
    private(set) var notes: [Diagnostic] = []

    init(_ lines: [DriftLine], _ rules: [DriftRule], on today: CivilDate) {
        let holding = rules.filter { !$0.isExpired(on: today) }.map(Matcher.init)
        var used = Set<Int>()
        for line in lines { divide(line, holding, &used) }
        for rule in rules where rule.isExpired(on: today) {
            notes.append(
                Diagnostic(
                    .warning, DriftFinding.ruleExpired,
                    "the rule of \(rule.owner) for `\(rule.target)` expired on \(rule.expires.text) and ignores nothing",
                    at: rule.span, remedy: "correct the drift and remove the rule, or agree on another day"))
        }
        for (position, matcher) in holding.enumerated() where !used.contains(position) {
            notes.append(
                Diagnostic(
                    .note, DriftFinding.ruleUnused,
                    "the rule of \(matcher.rule.owner) for `\(matcher.rule.target)` matches no drift",
                    at: matcher.rule.span, remedy: "remove it if the drift is gone for good"))
        }
    }

    private mutating func divide(_ line: DriftLine, _ matchers: [Matcher], _ used: inout Set<Int>) {
        let matching = matchers.enumerated().filter { $0.element.pattern.matches(line.address) }
        guard !matching.isEmpty else { return reported.append(line) }
        if let (position, whole) = matching.first(where: { $0.element.isWhole(line) }) {
            used.insert(position)
            return ignored.append(IgnoredDrift(line: line, rule: whole.rule))
        }
        var left = line
        left.properties = []
        var byRule: [Int: [DriftProperty]] = [:]
        for property in line.properties {
            if let (position, _) = matching.first(where: { $0.element.covers(property) }) {
                byRule[position, default: []].append(property)
            } else {
                left.properties.append(property)
            }
        }
        for (position, properties) in byRule.sorted(by: { $0.key < $1.key }) {
            used.insert(position)
            var part = line
            part.properties = properties
            part.driftClass = properties.map(\.driftClass).max() ?? line.driftClass
            part.facts = []
            ignored.append(IgnoredDrift(line: part, rule: matchers[position].rule))
        }
        guard !left.properties.isEmpty || line.properties.isEmpty || line.isBeyondProperties else { return }
        if !byRule.isEmpty, !line.isBeyondProperties {
            left.driftClass = left.properties.map(\.driftClass).max() ?? line.driftClass
        }
        reported.append(left)
    }
}

private struct Matcher {
    let rule: DriftRule
    let pattern: AddressPattern

    init(_ rule: DriftRule) {
        self.rule = rule
        pattern = AddressPattern(rule.target)
    }

    /// The rule is about the object as a whole, and about everything that is wrong with it.
    func isWhole(_ line: DriftLine) -> Bool {
        rule.paths.contains([]) && rule.classes.contains(line.driftClass)
            && line.properties.allSatisfy { rule.classes.contains($0.driftClass) }
    }

    func covers(_ property: DriftProperty) -> Bool {
        let names = property.path.names
        return rule.classes.contains(property.driftClass)
            && rule.paths.contains { path in
                path.count <= names.count && zip(path, names).allSatisfy { $0 == "*" || $0 == $1 }
            }
    }
}
