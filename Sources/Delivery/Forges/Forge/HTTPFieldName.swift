import HTTPTypes

extension HTTPField.Name {
    /// A name that is written in this target's source.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("`\(name)` is a header's name") }
        return name
    }
}
