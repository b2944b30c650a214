/// What a target calls an object, and the attributes that references may ask for.
package struct Identity: Sendable, Hashable {
    /// The id that the target gave, or the natural key where there is none (a stage's name).
    package var physicalID: String
    /// Attribute name to value, `id` left out where it is the physical id: `rootResourceId`, `arn`, ...
    package var attributes: [String: String]

    package init(physicalID: String, attributes: [String: String] = [:]) {
        self.physicalID = physicalID
        self.attributes = attributes
    }

    /// `id` is the physical id unless the service has another one; nil for an attribute that the object does not have.
    package func attribute(_ name: String) -> String? { attributes[name] ?? (name == "id" ? physicalID : nil) }
}
