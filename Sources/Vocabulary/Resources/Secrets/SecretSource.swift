package import Diagnostics

/// Who reads the secrets that manifests refer to, and tells whether one is another than before without keeping it.
package protocol SecretSource: Sendable {
    /// Reads a secret anew each time.
    ///
    /// - Throws: `provider.secret-missing` for what is not there, is empty, or may not be read.
    func read(_ place: SecretPlace) throws(ProviderFailure) -> Secret<String>

    /// Equal for equal texts. Says nothing about the text to those who do not have the key of the data directory.
    func fingerprint(of text: String) throws(ProviderFailure) -> String
}

extension Identity {
    /// Under which attribute the fingerprint of the secret of a field is recorded; no reference can ask for it.
    package static func fingerprintAttribute(of field: String) -> String { "fingerprint of \(field)" }

    /// That of the secret that the object was made with; nil where nobody knows it.
    package func fingerprint(of field: String) -> String? { attributes[Self.fingerprintAttribute(of: field)] }
}
