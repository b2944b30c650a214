import Diagnostics
import JSON
package import SigV4

/// Keys, how long they are good, and who gave them.
package struct ObtainedCredentials: Sendable, Hashable {
    package var signing: SigningCredentials
    /// Seconds since 1970; nil: for ever.
    package var expires: Int?
    /// For people: ``the profile `dev` in `/home/a/.aws/credentials` ``.
    package var source: String

    package init(_ signing: SigningCredentials, expires: Int? = nil, source: String) {
        self.signing = signing
        self.expires = expires
        self.source = source
    }

    /// The names of a document that holds keys: each kind of source has its own.
    struct Names {
        var key = "AccessKeyId"
        var secret = "SecretAccessKey"
        var token = "SessionToken"
        var expires = "Expiration"

        /// What `credential_process` prints.
        static let process = Names()
        /// What containers and machines answer.
        static let metadata = Names(token: "Token")
        /// What IAM Identity Center answers; its time is a number of milliseconds.
        static let singleSignOn = Names(
            key: "accessKeyId", secret: "secretAccessKey", token: "sessionToken", expires: "expiration")
    }

    /// - Throws: `credentials.source-failed`; the message says nothing of what the document holds.
    init(_ document: JSONValue, _ names: Names, source: String) throws(CredentialsFailure) {
        guard let key = document[names.key]?.string, let secret = document[names.secret]?.string, !key.isEmpty,
            !secret.isEmpty
        else {
            throw CredentialsFailure(
                .sourceFailed, "\(source): the answer has no `\(names.key)` and `\(names.secret)`")
        }
        let token = document[names.token]?.string
        signing = SigningCredentials(
            accessKeyID: key, secretAccessKey: secret, sessionToken: token?.isEmpty == true ? nil : token)
        self.source = source
        guard let time = document[names.expires], time != .null else { return }
        guard let seconds = time.string.map(Self.seconds(from:)) ?? time.number?.int.map({ $0 / 1_000 }) else {
            throw CredentialsFailure(.sourceFailed, "\(source): its `\(names.expires)` is no time")
        }
        expires = seconds
    }

    /// `2026-11-23T01:09:19Z`, with a fraction of a second, an offset, or `UTC` in place of the `Z`.
    static func seconds(from text: String) -> Int? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            let date = CivilDate(text: String(decoding: bytes[..<10], as: UTF8.self)), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = Array(bytes[19...])[...]
        if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst().drop { (48...57).contains($0) } }
        guard let offset = Self.offset(rest) else { return nil }
        return date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second - offset
    }

    /// Seconds east of Greenwich.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        let text = String(decoding: text, as: UTF8.self)
        if ["Z", "UTC", "z"].contains(text) { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard let sign = text.first, sign == "+" || sign == "-", digits.utf8.count == 4, let number = Int(digits),
            number >= 0
        else { return nil }
        let seconds = number / 100 * 3_600 + number % 100 * 60
        return sign == "-" ? -seconds : seconds
    }
}
