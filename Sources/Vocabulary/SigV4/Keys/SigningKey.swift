internal import Crypto

/// The key of one day, region and service, derived from a secret.
struct SigningKey: Sendable {
    static let algorithm = "AWS4-HMAC-SHA256"

    private let key: SymmetricKey

    init(secret: String, day: String, scope: SigningScope) {
        func derive(_ key: SymmetricKey, _ text: String) -> SymmetricKey {
            SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
        }
        let dayKey = derive(SymmetricKey(data: Array("AWS4\(secret)".utf8)), day)
        key = derive(derive(derive(dayKey, scope.region), scope.service), "aws4_request")
    }

    /// 64 lower-case hex digits.
    func signature(of stringToSign: [UInt8]) -> String {
        PercentCoding.hex(HMAC<SHA256>.authenticationCode(for: stringToSign, using: key))
    }
}
