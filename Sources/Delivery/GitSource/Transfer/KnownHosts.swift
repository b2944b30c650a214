import Crypto
import FoundationEssentials

/// What known_hosts files say about one host.
///
/// SOURCE: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
struct KnownHosts {
    struct Key: Hashable {
        /// `ssh-ed25519`, `ecdsa-sha2-nistp256`, ...
        let type: String
        /// As on the wire.
        let bytes: [UInt8]
    }

    enum Judgement: Equatable {
        case known
        /// Nothing is known about the host.
        case unknown
        /// Another key of the same type, or only keys of other types, are known.
        case changed(types: [String])
        case revoked
        /// The host is only known by an authority's certificate.
        case authority
    }

    private(set) var keys: [Key] = []
    private var revoked: [[UInt8]] = []
    private var hasAuthority = false

    /// - Parameters:
    ///   - texts: What stands in the files.
    ///   - name: The host as these files write it: `host`, or `[host]:port` for a port other than 22.
    init(_ texts: [String], of name: String) {
        for line in texts.flatMap({ $0.split(whereSeparator: \.isNewline) }) { read(line, name.lowercased()) }
    }

    private mutating func read(_ line: Substring, _ name: String) {
        var fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let first = fields.first, !first.hasPrefix("#") else { return }
        let marker = first.hasPrefix("@") ? String(fields.removeFirst()) : ""
        guard fields.count >= 3, Self.matches(fields[0], name), let data = Data(base64Encoded: String(fields[2])) else {
            return
        }
        switch marker {
        case "": keys.append(Key(type: String(fields[1]), bytes: Array(data)))
        case "@revoked": revoked.append(Array(data))
        case "@cert-authority": hasAuthority = true
        default: break
        }
    }

    func judge(_ key: [UInt8]) -> Judgement {
        if revoked.contains(key) { return .revoked }
        if keys.contains(where: { $0.bytes == key }) { return .known }
        if !keys.isEmpty { return .changed(types: keys.map(\.type)) }
        return hasAuthority ? .authority : .unknown
    }

    /// The keys as a file that names the host plainly: libgit2 asks the host for keys of these types.
    func file(for name: String) -> String {
        keys.map { "\(name) \($0.type) \(Data($0.bytes).base64EncodedString())\n" }.joined()
    }

    /// `SHA256:` and base64 without padding, as ssh prints it.
    static func fingerprint(_ key: [UInt8]) -> String {
        let digest = Data(SHA256.hash(data: key)).base64EncodedString()
        return "SHA256:" + digest.prefix { $0 != "=" }
    }

    /// `ssh-ed25519` and so on: what a key on the wire begins with.
    static func type(of key: [UInt8]) -> String {
        guard key.count > 4 else { return "?" }
        let length = key.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length > 0, length <= min(64, key.count - 4) else { return "?" }
        return String(decoding: key[4..<4 + length], as: UTF8.self)
    }

    private static func matches(_ patterns: Substring, _ name: String) -> Bool {
        if patterns.hasPrefix("|1|") { return matchesHashed(patterns, name) }
        var isMatch = false
        for pattern in patterns.lowercased().split(separator: ",") {
            let isNegated = pattern.hasPrefix("!")
            guard Glob.matches(Array(pattern.utf8.dropFirst(isNegated ? 1 : 0)), Array(name.utf8), star: .anything)
            else { continue }
            if isNegated { return false }
            isMatch = true
        }
        return isMatch
    }

    /// `|1|salt|hash`: HMAC-SHA1 of the name with the salt as key.
    private static func matchesHashed(_ text: Substring, _ name: String) -> Bool {
        let parts = text.split(separator: "|")
        guard parts.count == 3, let salt = Data(base64Encoded: String(parts[1])),
            let hash = Data(base64Encoded: String(parts[2]))
        else { return false }
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Data(name.utf8), using: SymmetricKey(data: salt))
        return Data(code) == hash
    }
}
