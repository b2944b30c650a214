import JSON
import Resources

/// A version of an API's documentation as the service tells it: a name and a time, without the parts that it holds.
struct DocumentationSnapshot {
    let name: String
    /// Nil where neither its marker nor the recorded state says what it holds.
    let fingerprint: String?
    let token: String?
    private let created: String

    /// - Parameter known: What is recorded of the version of this name.
    init?(_ document: JSONValue, known: Identity?) {
        guard let name = document["version"]?.string else { return nil }
        self.name = name
        created = document["createdDate"]?.text(.compact) ?? ""
        let marker = SnapshotMarker(description: document["description"]?.string)
        // Where somebody edited the description it is still the one of that moment.
        let isKnown = known?.attributes["created"] == created
        fingerprint = marker?.fingerprint ?? (isKnown ? known?.attributes["fingerprint"] : nil)
        token = marker?.token
    }

    var object: ObservedObject {
        var document = JSONObject()
        var attributes = ["created": created]
        if let fingerprint {
            document["fingerprint"] = .string(fingerprint)
            attributes["fingerprint"] = fingerprint
        }
        return ObservedObject(
            identity: Identity(physicalID: name, attributes: attributes), document: .object(document))
    }
}
