package import Applying
package import JSON
package import Planning
package import Resources

/// What one revision did, in a form that is small enough to be kept for each: documents only where they differ.
///
/// `{format, changes: [{action, address, visibility, properties: [{path, before, after}]}], omitted}`. An update names the
/// properties that it changes; `omitted` counts the lines that did not fit.
package struct RevisionChanges: Sendable, Hashable {
    package static let format = "gatewright.changes/v1"

    /// Of everything that changed, also of what did not fit into the document.
    package let addresses: [Address]
    package let document: JSONValue

    package init(_ plan: Plan) {
        self.init(
            plan.changes.map { change in
                Line(
                    action: change.action.rawValue, address: change.address, visibility: change.visibility.rawValue,
                    properties: change.action == .create ? [] : change.properties)
            })
    }

    /// Of an apply that was recovered: its plan is gone, its steps are journaled.
    package init(_ header: ApplyHeader) {
        var first: [Address: JSONValue?] = [:]
        var last: [Address: JSONValue?] = [:]
        var order: [Address] = []
        for effect in header.steps.lazy.flatMap(\.effects) {
            if first[effect.address] == nil {
                order.append(effect.address)
                first[effect.address] = .some(effect.before)
            }
            last[effect.address] = .some(effect.after)
        }
        self.init(
            order.map { address in
                let (before, after) = (first[address] ?? nil, last[address] ?? nil)
                let action: Change.Action = before == nil ? .create : after == nil ? .delete : .update
                let properties = action == .update ? PropertyChange.between(before ?? .null, after ?? .null) : []
                return Line(action: action.rawValue, address: address, visibility: nil, properties: properties)
            })
    }

    private struct Line {
        var action: String
        var address: Address
        var visibility: String?
        var properties: [PropertyChange]
    }

    private init(_ lines: [Line]) {
        addresses = lines.map(\.address)
        let whole = Self.document(lines, withProperties: true, omitting: 0)
        guard whole.bytes(.compact).count > Limits.changesBytesMax else {
            document = whole
            return
        }
        // A line without its properties has an address of at most some hundred bytes.
        let kept = lines.prefix(Limits.changesLinesMax)
        document = Self.document(Array(kept), withProperties: false, omitting: lines.count - kept.count)
    }

    private static func document(_ lines: [Line], withProperties: Bool, omitting omitted: Int) -> JSONValue {
        let changes = lines.map { line -> JSONValue in
            var object: JSONObject = ["action": .string(line.action), "address": .string(line.address.description)]
            object["visibility"] = line.visibility.map { .string($0) }
            if withProperties, !line.properties.isEmpty {
                object["properties"] = .array(line.properties.map { property($0, of: line.address.kind) })
            }
            return .object(object)
        }
        return ["format": .string(format), "changes": .array(changes), "omitted": .number(JSONNumber(omitted))]
    }

    private static func property(_ change: PropertyChange, of kind: ResourceKind) -> JSONValue {
        var object: JSONObject = ["path": .string(change.path)]
        // What the service never gives back is a secret: that it changed is all that is kept.
        let field = change.path.prefix { $0 != "." && $0 != "[" }
        guard KindTable.object(kind)?.isWriteOnly(String(field)) != true else { return .object(object) }
        object["before"] = change.before.map(shortened)
        object["after"] = change.after.map(shortened)
        return .object(object)
    }

    /// Long values are cut: the commit has the whole of them.
    private static func shortened(_ value: JSONValue) -> JSONValue {
        let text = value.string ?? value.text(.compact)
        guard text.utf8.count > Limits.changedValueBytesMax else { return value }
        return .string(String(text.prefix(Limits.changedValueBytesMax / 4)) + "…")
    }
}
