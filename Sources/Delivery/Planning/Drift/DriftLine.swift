import JSON
package import Resources

/// One object that is not as it was applied.
package struct DriftLine: Sendable, Hashable {
    package enum Sort: String, Sendable, CaseIterable {
        /// Applied, and something else on the target.
        case changed
        /// Applied, and not on the target.
        case missing
        /// On the target, and nobody declared it.
        case undeclared
        /// A stage whose callers get another definition than the one that was applied.
        case servesSomethingElse
    }

    package var sort: Sort
    package var address: Address
    /// The worst of its properties, or of what its being there or not being there does.
    package var driftClass: DriftClass
    /// In the order of their paths; empty for what is missing or undeclared.
    package var properties: [DriftProperty] = []
    /// What else is known, as sentences without a full stop.
    package var facts: [String] = []
    /// What the target calls it; nil for what is not there.
    package var physicalID: String?
    /// False for what no plan puts back: it is reported, and a person has to act.
    package var isCorrectable = true
    /// True where something differs that is no property of the object's document.
    package var isBeyondProperties = false
}

extension DriftLine {
    /// The sort in words.
    package var title: String {
        switch sort {
        case .changed, .missing, .undeclared: sort.rawValue
        case .servesSomethingElse: "stage serves something else"
        }
    }

    var json: JSONValue {
        var object: JSONObject = [
            "sort": .string(sort.rawValue), "address": .string(address.description),
            "class": .string(driftClass.rawValue),
        ]
        object["physicalId"] = physicalID.map { .string($0) }
        object["correctable"] = .bool(isCorrectable)
        if !facts.isEmpty { object["facts"] = .array(facts.map { .string($0) }) }
        if !properties.isEmpty { object["properties"] = .array(properties.map(\.json)) }
        return .object(object)
    }

    /// What tells this drift from another; the times and the words of the facts do not.
    var mark: JSONValue {
        [
            "sort": .string(sort.rawValue), "address": .string(address.description),
            "id": physicalID.map { .string($0) } ?? .null,
            "properties": .array(
                properties.map { [.string($0.path.pointer), $0.observed ?? .null, .bool($0.observed == nil)] }),
        ]
    }
}
