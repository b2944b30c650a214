import Diagnostics
import Storage

/// Where a secret is: read when it is used, so that a changed one counts without a restart.
enum SecretReference: Sendable, Hashable, CustomStringConvertible {
    case environment(String)
    /// Absolute.
    case file(String)

    /// - Returns: The text without one newline at its end.
    /// - Throws: `configuration.missing-secret` (not there, or empty), `configuration.secret-exposed` (others may write
    ///   the file).
    func read(_ environment: Environment) throws(ConfigurationFailure) -> Secret<String> {
        switch self {
        case .environment(let name):
            guard let text = environment[name], !text.isEmpty else {
                throw ConfigurationFailure(.missingSecret, "the variable `\(name)` is not set, or is empty")
            }
            return Secret(text)
        case .file(let path):
            if FileStatus(of: path)?.isWritableByOthers == true {
                throw ConfigurationFailure(.secretExposed, "others may write the secret's file `\(path)`")
            }
            let text: String?
            do {
                text = try FileText.read(path, bytesMax: Limits.secretBytes)
            } catch {
                throw ConfigurationFailure(.missingSecret, "the secret's file `\(path)` cannot be read", cause: error)
            }
            guard var text else {
                throw ConfigurationFailure(.missingSecret, "there is no file `\(path)` with the secret")
            }
            // A Unicode character of its own in Swift: CR and LF.
            if text.hasSuffix("\n") || text.hasSuffix("\r\n") { text.removeLast() }
            guard !text.isEmpty else { throw ConfigurationFailure(.missingSecret, "the file `\(path)` is empty") }
            return Secret(text)
        }
    }

    /// True for a file that everybody on this machine can read.
    var isReadableByOthers: Bool {
        guard case .file(let path) = self else { return false }
        return FileStatus(of: path)?.isReadableByOthers == true
    }

    var description: String {
        switch self {
        case .environment(let name): "{env: \(name)}"
        case .file(let path): "{file: \(path)}"
        }
    }
}

/// A text in the configuration, or where it is.
enum SecretText: Sendable, Equatable {
    case text(Secret<String>)
    case reference(SecretReference)

    func read(_ environment: Environment) throws(ConfigurationFailure) -> Secret<String> {
        switch self {
        case .text(let secret): secret
        case .reference(let reference): try reference.read(environment)
        }
    }
}
