import Diagnostics
import JSON
import Resources

/// Variables of functions whose text a document only refers to.
struct VariableSecrets {
    let source: (any SecretSource)?
    /// Where in the document the variables are: `environment`, or `content.environment` of an alias.
    let field: String

    /// Variables as the service takes them.
    struct Texts {
        var variables: JSONObject = [:]
        /// By the name of the attribute that records it.
        var fingerprints: [String: String] = [:]
        /// What no message may repeat.
        var hidden: [String] = []
    }

    private func attribute(of name: String) -> String { Identity.fingerprintAttribute(of: "\(field).\(name)") }

    /// - Throws: `provider.secret-missing`.
    func texts(_ variables: JSONValue?) throws(ProviderFailure) -> Texts {
        var texts = Texts()
        for (name, value) in variables?.object ?? [:] {
            guard let place = SecretPlace(value) else {
                texts.variables[name] = value
                continue
            }
            guard let source else {
                throw ProviderFailure(.secretMissing, "nothing here reads the secret `\(place)`", effect: .none)
            }
            let text = try source.read(place).revealed
            texts.variables[name] = .string(text)
            texts.fingerprints[attribute(of: name)] = try source.fingerprint(of: text)
            texts.hidden.append(text)
        }
        return texts
    }

    /// What is recorded of the secrets among `variables` where the service has these texts.
    func fingerprints(_ variables: JSONValue?, having texts: JSONValue?) throws(ProviderFailure) -> [String: String] {
        var found: [String: String] = [:]
        for (name, value) in variables?.object ?? [:] {
            guard SecretPlace(value) != nil, let text = texts?[name]?.string, let source else { continue }
            found[attribute(of: name)] = try source.fingerprint(of: text)
        }
        return found
    }

    /// Variables as the service has them, for a document: what is recorded as a secret is told from others and not shown.
    func hidden(_ variables: JSONValue?, known: Identity?) throws(ProviderFailure) -> JSONValue? {
        guard var hidden = variables?.object else { return variables }
        for (name, value) in hidden {
            guard let recorded = known?.attributes[attribute(of: name)] else { continue }
            guard let source, let text = value.string, try source.fingerprint(of: text) != recorded else {
                hidden[name] = SecretSight.recorded.document
                continue
            }
            hidden[name] = SecretSight.other.document
        }
        return .object(hidden)
    }

    /// The fingerprints among what is recorded of an object.
    func fingerprints(of identity: Identity?) -> [String: String] {
        let prefix = attribute(of: "")
        return (identity?.attributes ?? [:]).filter { $0.key.hasPrefix(prefix) }
    }
}
