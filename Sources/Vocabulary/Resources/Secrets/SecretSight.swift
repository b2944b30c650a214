package import JSON

/// What is said of a secret that is on a target, in place of its text.
package enum SecretSight: String, Sendable {
    /// The one whose fingerprint is recorded.
    case recorded
    /// Another than that.
    case other
    /// Nothing is recorded to tell it by.
    case unknown

    package var document: JSONValue { ["secret": .string(rawValue)] }
}

extension JSONValue {
    /// What was observed beside what is wanted: a secret that is the recorded one is as it is referred to, and no text
    /// shows where a secret is wanted.
    func hidingSecrets(of wanted: JSONValue) -> JSONValue {
        if SecretPlace(wanted) != nil {
            if self == SecretSight.recorded.document { return wanted }
            return string == nil ? self : SecretSight.unknown.document
        }
        guard case .object(let members) = self, case .object(let others) = wanted else { return self }
        return .object(
            JSONObject(
                members.map { name, value in (name, others[name].map { value.hidingSecrets(of: $0) } ?? value) }))
    }
}
