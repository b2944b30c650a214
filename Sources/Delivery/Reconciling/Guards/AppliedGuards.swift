package import JSON
package import Resources

/// The guards of the Environment that was applied last: a commit that loosens one of them needs a consent.
package struct AppliedGuards: Sendable, Hashable {
    package var maxDeletes: Int
    /// Address patterns, in order.
    package var protect: [String]

    package init(maxDeletes: Int, protect: [String]) {
        self.maxDeletes = maxDeletes
        self.protect = protect
    }

    /// As an Environment writes them.
    package init(_ settings: ApplySettings) {
        self.init(maxDeletes: settings.maxDeletes, protect: settings.protect.sorted())
    }
}

extension AppliedGuards {
    private static let format = "gatewright.guards/v1"

    package var json: JSONValue {
        [
            "format": .string(Self.format), "maxDeletes": .number(JSONNumber(maxDeletes)),
            "protect": .array(protect.map { .string($0) }),
        ]
    }

    /// Nil for what is not of this form.
    package init?(json: JSONValue) {
        guard json["format"]?.string == Self.format, let maxDeletes = json["maxDeletes"]?.int,
            let protect = json["protect"]?.array?.compactMap(\.string)
        else { return nil }
        self.init(maxDeletes: maxDeletes, protect: protect)
    }
}
