import Bytes
import Crypto
import CryptoExtras
import FoundationEssentials

/// A password as PBKDF2 leaves it: `salt:hash`, in Base64.
enum PasswordHash {
    private static let saltBytes = 16
    private static let hashBytes = 32

    static func make(_ password: String) throws(ServiceError) -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return "\(Data(salt).base64EncodedString()):\(Data(try hash(password, salt)).base64EncodedString())"
    }

    static func matches(_ password: String, _ stored: String) -> Bool {
        let parts = stored.split(separator: ":")
        guard parts.count == 2, let salt = Data(base64Encoded: String(parts[0])),
            let expected = Data(base64Encoded: String(parts[1]))
        else { return false }
        do {
            let found = try hash(password, Array(salt))
            return zip(found, expected).reduce(found.count == expected.count ? 0 : 1) { $0 | ($1.0 ^ $1.1) } == 0
        } catch {
            return false
        }
    }

    private static func hash(_ password: String, _ salt: [UInt8]) throws(ServiceError) -> [UInt8] {
        do {
            let key = try KDF.Insecure.PBKDF2.deriveKey(
                from: Array(password.utf8), salt: salt, using: .sha256, outputByteCount: hashBytes,
                unsafeUncheckedRounds: Limits.passwordRounds)
            return key.withUnsafeBytes { unsafe Array($0) }
        } catch {
            throw .internalFailure
        }
    }
}
