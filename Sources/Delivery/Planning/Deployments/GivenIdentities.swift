import JSON
import Resources

/// What the definition of an API says of other objects by references, and what makes those another object.
///
/// A deployment freezes the ids and ARNs that references stand for. An object that cannot change in place gets another
/// one when it is replaced, though the text `${VpcLink/x.id}` stays as it is; so the fields that would replace it count
/// as part of the definition that names it.
struct GivenIdentities {
    private let positions: [Address: Int]
    private let graph: DesiredGraph
    private var found: Set<SymbolicReference> = []

    init(_ graph: DesiredGraph, _ positions: [Address: Int]) {
        self.graph = graph
        self.positions = positions
    }

    /// The objects in a graph that references may name: those that are part of no API.
    static func positions(in graph: DesiredGraph) -> [Address: Int] {
        let own = Set(KindTable.objects.map(\.kind).filter(\.isObjectOfItsOwn))
        var positions: [Address: Int] = [:]
        for (position, resource) in graph.resources.enumerated() where own.contains(resource.address.kind) {
            positions[resource.address] = position
        }
        return positions
    }

    mutating func add(_ frozen: JSONValue, of resource: DesiredResource) {
        // Most documents name nothing outside: they are not read at all.
        guard !positions.isEmpty, resource.dependencies.contains(where: { positions[$0] != nil }) else { return }
        frozen.forEachReference { reference in
            if positions[reference.address] != nil { found.insert(reference) }
        }
    }

    /// In the order of the references' texts; empty where none of them could come to stand for something else.
    var parts: [(reference: String, fields: JSONObject)] {
        found.map { (reference: "\($0)", fields: fields(behind: $0)) }
            .filter { !$0.fields.isEmpty }
            .sorted { $0.reference < $1.reference }
    }

    private func fields(behind reference: SymbolicReference) -> JSONObject {
        guard let position = positions[reference.address], let schema = KindTable.object(reference.address.kind),
            let document = graph.resources[position].document.object
        else { return [:] }
        var fields: JSONObject = [:]
        for field in schema.identityFields(of: reference.attribute) {
            guard let value = document[field.name], value != field.defaultValue else { continue }
            fields[field.name] = value
        }
        return fields
    }
}

extension KindSchema {
    /// The fields of which another value gives an object that is made anew another value of `attribute`.
    func identityFields(of attribute: String) -> [FieldSchema] {
        // The name is in the reference itself.
        let immutable = fields.filter { $0.isImmutable && !$0.isName }
        switch attribute {
        case "name": return []
        // An ARN of what is known by its name or address is made of that and of the path; others have an id in it.
        case "arn" where !takenFields.isEmpty:
            return immutable.filter { takenFields.contains($0.name) || $0.name == "path" }
        default: return immutable
        }
    }
}
