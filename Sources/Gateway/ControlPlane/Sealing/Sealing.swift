import Crypto
import FoundationEssentials

/// Keeps secrets unreadable in the database and in session tokens: AES-256-GCM with the data directory's key.
struct Sealing: Sendable {
    private let key: SymmetricKey

    /// - Parameter key: 32 bytes; nil makes a key that is gone with the process.
    init(_ key: [UInt8]?) { self.key = key.map { SymmetricKey(data: $0) } ?? SymmetricKey(size: .bits256) }

    /// - Parameter purpose: What the secret belongs to; it opens for nothing else.
    func seal(_ secret: [UInt8], for purpose: String) throws(ServiceError) -> String {
        do {
            let box = try AES.GCM.seal(secret, using: key, authenticating: Array(purpose.utf8))
            guard let bytes = box.combined else { throw ServiceError.internalFailure }
            return bytes.base64EncodedString()
        } catch {
            throw .internalFailure
        }
    }

    /// Nil when it was not sealed with this key for this purpose.
    func open(_ sealed: String, for purpose: String) -> [UInt8]? {
        guard let bytes = Data(base64Encoded: sealed) else { return nil }
        do {
            return Array(
                try AES.GCM.open(AES.GCM.SealedBox(combined: bytes), using: key, authenticating: Array(purpose.utf8)))
        } catch {
            return nil
        }
    }

    func openText(_ sealed: String?, for purpose: String) -> String? {
        sealed.flatMap { open($0, for: purpose) }.flatMap { String(validating: $0, as: UTF8.self) }
    }
}
