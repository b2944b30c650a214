package import JSON

/// Where a secret is that a manifest only refers to: `valueFrom: {env: NAME}` or `valueFrom: {file: PATH}`.
///
/// This is what documents, plans, digests and the recorded state hold in place of the secret.
package enum SecretPlace: Sendable, Hashable {
    /// A variable of the controller.
    case environment(String)
    /// A file, relative to the controller's folder of secrets.
    case file(String)

    /// Reads what ``document`` gives; nil for anything else.
    package init?(_ value: JSONValue?) {
        guard let object = value?.object, object.count == 1, let source = object["valueFrom"]?.object,
            source.count == 1
        else { return nil }
        if let name = source["env"]?.string {
            self = .environment(name)
        } else if let path = source["file"]?.string {
            self = .file(path)
        } else {
            return nil
        }
    }

    package var document: JSONValue { ["valueFrom": .object([name: .string(text)])] }

    private var name: String { if case .environment = self { "env" } else { "file" } }

    private var text: String {
        switch self {
        case .environment(let text), .file(let text): text
        }
    }
}

extension SecretPlace: CustomStringConvertible {
    package var description: String { "{\(name): \(text)}" }
}

extension KindSchema {
    /// True if documents of the kind may refer to secrets.
    package var hasSecrets: Bool { fields.contains { if case .secret = $0.type { true } else { false } } }

    /// The secrets that a document refers to, by the name of the field; in the table's order.
    package func secrets(of document: JSONValue) -> [(field: String, place: SecretPlace)] {
        fields.compactMap { field in
            guard case .secret = field.type else { return nil }
            return SecretPlace(document[field.name]).map { (field.name, $0) }
        }
    }
}
