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
    package var hasSecrets: Bool { fields.contains(where: \.hasSecrets) }

    /// The secrets that a document refers to, by the path of the field (`value`, `environment.TOKEN`); in the table's order.
    package func secrets(of document: JSONValue) -> [(field: String, place: SecretPlace)] {
        fields.flatMap { $0.secrets(of: document[$0.name], at: $0.name) }
    }

    /// True if another text of the secret is set on the object as it is; false if it takes another object.
    package func changesInPlace(secret field: String) -> Bool { !fields.contains { $0.name == field } }

    /// The secrets that a change of the object sends: all with the create, those that change in place with every update.
    package func secretsSent(_ action: Change.Action, _ document: JSONValue) -> [(field: String, place: SecretPlace)] {
        switch action {
        case .create, .replace: secrets(of: document)
        case .update: secrets(of: document).filter { changesInPlace(secret: $0.field) }
        case .delete, .adopt, .forget: []
        }
    }
}

extension FieldSchema {
    fileprivate var hasSecrets: Bool {
        switch type {
        case .secret, .map(_, of: .textOrSecret): true
        case .structure(let fields): fields.contains(where: \.hasSecrets)
        default: false
        }
    }

    fileprivate func secrets(of value: JSONValue?, at path: String) -> [(field: String, place: SecretPlace)] {
        switch type {
        case .secret: return SecretPlace(value).map { [(path, $0)] } ?? []
        case .map(_, of: .textOrSecret):
            return (value?.object ?? [:]).compactMap { name, value in SecretPlace(value).map { ("\(path).\(name)", $0) }
            }
        case .structure(let fields):
            return fields.flatMap { $0.secrets(of: value?[$0.name], at: "\(path).\($0.name)") }
        default: return []
        }
    }
}
