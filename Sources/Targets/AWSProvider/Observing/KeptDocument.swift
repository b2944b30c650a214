import JSON
import Resources

/// What an endpoint that offers only a part of the API cannot keep, and no caller of a stage meets: documentation, and the
/// version of an API. The recorded state keeps it, in the attributes of the identity, so that it is neither drift nor a
/// change for ever; a state that is rebuilt has lost it, and the next apply writes it again.
enum KeptDocument {
    private static let attribute = "kept"

    static func identity(_ identity: Identity, keeping document: JSONValue) -> Identity {
        var identity = identity
        identity.attributes[attribute] = document.text(.canonical)
        return identity
    }

    /// Of these members only those that the endpoint did not answer with.
    static func identity(
        _ identity: Identity, keeping names: [String], of wanted: JSONObject, reply: JSONValue?
    ) -> Identity {
        let unkept = wanted.keeping(names).filter { reply?[$0.name] != $0.value }
        guard !unkept.isEmpty else { return identity }
        return Self.identity(identity, keeping: .object(JSONObject(unkept.map { ($0.name, $0.value) })))
    }

    /// Puts what the state keeps over what the endpoint told.
    static func overlay(
        _ found: inout [Address: ObservedObject], _ root: String, _ identities: [Address: Identity]
    ) {
        for (address, identity) in identities where address.root == root {
            guard let kept = document(identity) else { continue }
            switch address.kind {
            case .documentationPart, .documentationVersion:
                if found[address] == nil { found[address] = ObservedObject(identity: identity, document: kept) }
            default:
                guard var object = found[address], var document = object.document.object else { continue }
                for (name, value) in kept.object ?? [:] { document[name] = value == .null ? nil : value }
                object.document = .object(document)
                object.identity.attributes[attribute] = identity.attributes[attribute]
                found[address] = object
            }
        }
    }

    /// Nil where nothing is kept, or by something else.
    private static func document(_ identity: Identity) -> JSONValue? {
        guard let text = identity.attributes[attribute] else { return nil }
        do { return try JSONValue(parsing: text) } catch { return nil }
    }
}
