package import JSON
package import Resources

/// One property of an object on the target that is not as it was applied, and what the next commit wants of it.
package struct DriftProperty: Sendable, Hashable {
    /// Which of the three differs from the other two.
    package enum Origin: String, Sendable, CaseIterable {
        /// Changed on the target alone.
        case target
        /// Changed on the target and, to something else, in git.
        case both
        /// Changed in git and on the target to the same value: the target has already what the commit wants.
        case alreadyWanted
    }

    package var path: DocumentPath
    /// As it was applied; nil if the property was not there.
    package var applied: JSONValue?
    /// As the target has it; nil if the property is not there.
    package var observed: JSONValue?
    /// As the next commit wants it; equal to ``applied`` where that commit changes nothing of it.
    package var desired: JSONValue?
    package var origin: Origin
    package var driftClass: DriftClass
}

extension DriftProperty {
    /// What differs between two documents of one kind, in the order of the members' names.
    ///
    /// - Parameter desired: Equal to `applied` where there is no next commit.
    static func between(
        _ applied: JSONValue, _ observed: JSONValue, desired: JSONValue, kind: ResourceKind
    ) -> [DriftProperty] {
        var comparison = ThreeWayComparison(kind: kind, document: applied)
        comparison.collect(applied, observed, desired, at: DocumentPath())
        return comparison.properties
    }
}

/// Lists of the same length are compared place by place, others as a whole.
private struct ThreeWayComparison {
    let kind: ResourceKind
    let document: JSONValue
    private(set) var properties: [DriftProperty] = []

    init(kind: ResourceKind, document: JSONValue) {
        self.kind = kind
        self.document = document
    }

    mutating func collect(
        _ applied: JSONValue?, _ observed: JSONValue?, _ desired: JSONValue?, at path: DocumentPath
    ) {
        guard applied != observed else { return }
        switch (applied, observed) {
        case (.object(let old)?, .object(let new)?): collect(old, new, desired, at: path)
        case (.object(let old)?, nil) where !old.isEmpty: collect(old, JSONObject(), desired, at: path)
        case (nil, .object(let new)?) where !new.isEmpty: collect(JSONObject(), new, desired, at: path)
        case (.array(let old)?, .array(let new)?) where old.count == new.count:
            for position in old.indices {
                collect(old[position], new[position], desired?[position], at: path.appending(.position(position)))
            }
        default:
            let origin: DriftProperty.Origin =
                desired == applied ? .target : desired == observed ? .alreadyWanted : .both
            properties.append(
                DriftProperty(
                    path: path, applied: applied, observed: observed, desired: desired, origin: origin,
                    driftClass: driftClass(at: path, observed)))
        }
    }

    private mutating func collect(
        _ applied: JSONObject, _ observed: JSONObject, _ desired: JSONValue?, at path: DocumentPath
    ) {
        for name in Set(applied.names + observed.names).sorted() {
            collect(applied[name], observed[name], desired?[name], at: path.appending(.name(name)))
        }
    }

    /// The worse of what the property is by itself and of what becoming so does to access.
    private func driftClass(at path: DocumentPath, _ observed: JSONValue?) -> DriftClass {
        let now = document.replacing(at: path, with: observed)
        if AccessEffect(of: kind, from: document, to: now).contains(.widens) { return .accessWidening }
        return KindTable.object(kind)?.isCosmetic(at: path.names) == true ? .cosmetic : .functional
    }
}

extension DriftProperty {
    /// The next commit does not want the object any more.
    mutating func drop() { (desired, origin) = (nil, .both) }

    var json: JSONValue {
        var object: JSONObject = [
            "path": .string(path.text), "pointer": .string(path.pointer), "class": .string(driftClass.rawValue),
            "origin": .string(origin.rawValue),
        ]
        object["applied"] = applied
        object["observed"] = observed
        if origin != .target { object["desired"] = desired }
        return .object(object)
    }
}
