import Bytes
import CryptoExtras
package import JSON

/// A public RSA key for signatures, as a key set has it.
///
/// - Note: Source: RFC 7517, RFC 7518 section 6.3.
package struct WebKey: Sendable {
    let publicKey: _RSA.Signing.PublicKey

    /// Nil for a key of another kind, for other work, of less than 2048 or more than 8192 bits, or that is none.
    package init?(_ document: JSONValue) {
        guard document["kty"]?.string == "RSA", document["use"]?.string ?? "sig" == "sig",
            document["alg"]?.string ?? "RS256" == "RS256",
            let modulus = document["n"]?.string.flatMap({ Base64.decoded($0, .url) }),
            let exponent = document["e"]?.string.flatMap({ Base64.decoded($0, .url) }),
            modulus.count <= Limits.webKeyBytesMax, exponent.count <= 8
        else { return nil }
        do {
            publicKey = try _RSA.Signing.PublicKey(n: modulus, e: exponent)
        } catch {
            return nil
        }
    }

    /// The usable keys of a key set by their `kid`.
    ///
    /// - Throws: Why it is none.
    static func keys(of answer: EndpointAnswer) throws(KeySetFailure) -> [String: WebKey] {
        guard answer.status == 200 else { throw KeySetFailure("the answer is \(answer.status), not 200") }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: answer.body)
        } catch {
            throw KeySetFailure("the answer is no JSON: \(error.message)")
        }
        guard let listed = document["keys"]?.array else { throw KeySetFailure("the answer has no list `keys`") }
        var keys: [String: WebKey] = [:]
        for document in listed.prefix(Limits.webKeysMax) {
            guard let id = document["kid"]?.string, let key = WebKey(document) else { continue }
            keys[id] = key
        }
        guard !keys.isEmpty else { throw KeySetFailure("the answer has no RSA key of 2048 to 8192 bits with a `kid`") }
        return keys
    }
}

/// Why there is no key set, for logs.
struct KeySetFailure: Error, Equatable {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}
