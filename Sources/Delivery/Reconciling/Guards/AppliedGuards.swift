package import JSON
package import Resources

/// The guards of the Environment that was applied last: a commit that loosens one of them needs a consent.
package struct AppliedGuards: Sendable, Hashable {
    package var maxDeletes: Int
    /// Address patterns, in order.
    package var protect: [String]
    /// Nil where nothing says how the environment is watched.
    package var watch: DriftGuard?
    /// What the manifests that were applied last renamed: a commit that goes back renames back.
    package var renames: [Rename] = []

    package init(maxDeletes: Int, protect: [String], watch: DriftGuard? = nil, renames: [Rename] = []) {
        self.maxDeletes = maxDeletes
        self.protect = protect
        self.watch = watch
        self.renames = renames
    }

    /// As an Environment, and the manifests beside it, write them.
    package init(_ graph: DesiredGraph) {
        self.init(
            maxDeletes: graph.apply.maxDeletes, protect: graph.apply.protect.sorted(),
            watch: graph.watch.map(\.withoutPlaces),
            renames: graph.renames.map { Rename(from: $0.from, to: $0.to) }.sorted { $0.to < $1.to })
    }
}

extension DriftGuard {
    /// Where a rule is written is no part of it.
    fileprivate var withoutPlaces: DriftGuard {
        var guarded = self
        for position in guarded.ignored.indices { guarded.ignored[position].span = nil }
        return guarded
    }
}

extension AppliedGuards {
    private static let format = "gatewright.guards/v1"

    package var json: JSONValue {
        var object: JSONObject = [
            "format": .string(Self.format), "maxDeletes": .number(JSONNumber(maxDeletes)),
            "protect": .array(protect.map { .string($0) }),
        ]
        object["watch"] = watch.map(\.json)
        if !renames.isEmpty {
            object["renames"] = .array(
                renames.map { ["from": .string($0.from.description), "to": .string($0.to.description)] })
        }
        return .object(object)
    }

    /// Nil for what is not of this form.
    package init?(json: JSONValue) {
        guard json["format"]?.string == Self.format, let maxDeletes = json["maxDeletes"]?.int,
            let protect = json["protect"]?.array?.compactMap(\.string)
        else { return nil }
        let renames = (json["renames"]?.array ?? []).compactMap { json -> Rename? in
            guard let from = json["from"]?.string.flatMap({ Address(text: $0) }),
                let to = json["to"]?.string.flatMap({ Address(text: $0) })
            else { return nil }
            return Rename(from: from, to: to)
        }
        self.init(
            maxDeletes: maxDeletes, protect: protect, watch: json["watch"].map { DriftGuard(json: $0) },
            renames: renames)
    }
}
