package import JSON
package import Resources

/// Where a target is not what was last applied to it; kept apart from change, which is what a commit wants.
package struct DriftReport: Sendable {
    package enum Sort: String, Sendable, CaseIterable {
        /// Recorded, and something else on the target.
        case changed
        /// Recorded, and not on the target.
        case missing
        /// On the target, inside an API of ours, and not recorded.
        case undeclared
    }

    package struct Line: Sendable, Hashable {
        package var sort: Sort
        package var address: Address
        /// From what was applied to what is there.
        package var properties: [PropertyChange]
    }

    package var environment: String
    /// In the order of their addresses.
    package var lines: [Line]

    package var isEmpty: Bool { lines.isEmpty }

    /// Compares what was applied with what was read; what was not read is not in the report.
    package init(environment: String, recorded: [RecordedObject], observed: ObservedState) {
        var identities = Dictionary(recorded.map { ($0.address, $0.identity) }) { first, _ in first }
        for (address, object) in observed.objects { identities[address] = object.identity }
        var lines: [Line] = []
        var known: Set<Address> = []
        for object in recorded {
            known.insert(object.address)
            guard let found = observed.objects[object.address] else {
                if observed.addresses.contains(object.address) {
                    lines.append(Line(sort: .missing, address: object.address, properties: []))
                }
                continue
            }
            guard object.document.resolved(with: identities) != found.document else { continue }
            let now = found.document.symbolic(like: object.document, identities)
            lines.append(
                Line(
                    sort: .changed, address: object.address,
                    properties: PropertyChange.between(object.document, now)))
        }
        for address in observed.objects.keys where !known.contains(address) && address.kind != .deployment {
            lines.append(Line(sort: .undeclared, address: address, properties: []))
        }
        self.environment = environment
        self.lines = lines.sorted { $0.address < $1.address }
    }

    /// `gatewright.drift/v1`.
    package var json: JSONValue {
        [
            "format": "gatewright.drift/v1",
            "environment": .string(environment),
            "drift": .array(
                lines.map { line in
                    [
                        "sort": .string(line.sort.rawValue), "address": .string(line.address.description),
                        "properties": .array(line.properties.map(\.json)),
                    ]
                }),
        ]
    }

    /// For people; nothing in it controls a terminal.
    package var text: String {
        var text = ""
        for line in lines {
            text += "  \(line.sort.rawValue) \(Shown.text(line.address.description))\n"
            for detail in ChangeLines.lines(line.properties, isCreate: false) { text += "      \(detail)\n" }
        }
        let summary = isEmpty ? "no drift" : lines.count == 1 ? "1 object drifted" : "\(lines.count) objects drifted"
        return text + "\(Shown.text(environment)): \(summary)\n"
    }
}
