import Crypto
import Diagnostics
import Glibc
import Resources

/// The secrets that this controller's configuration lets manifests refer to: variables of `secrets.env`, and files under
/// `secrets.dir`.
struct ControllerSecrets: SecretSource {
    let settings: SecretSettings
    let environment: Environment
    /// Its key makes fingerprints.
    let directory: DataDirectory

    func read(_ place: SecretPlace) throws(ProviderFailure) -> Secret<String> {
        let reference: SecretReference
        switch place {
        case .environment(let name):
            guard settings.variables.contains(name) else {
                throw Self.missing(place, "`secrets.env` of the controller's configuration does not have its name")
            }
            reference = .environment(name)
        case .file(let path):
            guard let folder = settings.folder else {
                throw Self.missing(place, "the controller's configuration has no `secrets.dir`")
            }
            reference = .file(try Self.inside(folder, path, place))
        }
        do {
            return try reference.read(environment)
        } catch {
            throw ProviderFailure(
                .secretMissing, "the secret `\(place)` cannot be read", effect: .none, cause: error)
        }
    }

    /// Links are followed, as container platforms mount secrets behind some, and may not lead out.
    private static func inside(
        _ folder: String, _ path: String, _ place: SecretPlace
    ) throws(ProviderFailure) -> String {
        guard let root = real(folder), let file = real(folder + "/" + path) else {
            throw missing(place, "there is no such file in `secrets.dir`")
        }
        guard file.hasPrefix(root == "/" ? root : root + "/") else {
            throw missing(place, "it leads out of `secrets.dir`")
        }
        return file
    }

    private static func real(_ path: String) -> String? {
        guard let text = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    private static func missing(_ place: SecretPlace, _ why: String) -> ProviderFailure {
        ProviderFailure(.secretMissing, "the secret `\(place)` may not be read: \(why)", effect: .none)
    }

    func fingerprint(of text: String) throws(ProviderFailure) -> String {
        let sealing: [UInt8]
        do {
            sealing = try SealingKeyFile(directory: directory).readOrMake()
        } catch {
            throw ProviderFailure(
                .secretMissing, "the key of the data directory cannot be read", effect: .none, cause: error)
        }
        // A key of its own: what is sealed with the other one is no business of fingerprints.
        let key = HMAC<SHA256>.authenticationCode(
            for: Array("gatewright fingerprints of secrets".utf8), using: SymmetricKey(data: sealing))
        let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: Array(key)))
        return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
