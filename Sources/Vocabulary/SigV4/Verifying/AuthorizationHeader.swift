/// The parts of `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
struct AuthorizationHeader {
    var credential: String
    var signedHeaders: String
    var signature: String

    init(parsing text: String) throws(SignatureFailure) {
        guard text.utf8.count <= Limits.authorizationBytesMax else {
            throw .malformed(
                "the `Authorization` header is longer than \(Limits.authorizationBytesMax) bytes",
                answer: "Authorization header is too long.")
        }
        let bytes = Array(text.utf8)
        let blank = bytes.firstIndex(of: UInt8(ascii: " ")) ?? bytes.endIndex
        let scheme = bytes[..<blank]
        guard scheme.elementsEqual(SigningKey.algorithm.utf8) else {
            guard scheme.starts(with: "AWS4-".utf8) else {
                throw .missing(parts: ["Credential", "Signature", "SignedHeaders"])
            }
            throw .malformed(
                "the `Authorization` header names an algorithm other than `\(SigningKey.algorithm)`",
                answer: "Unsupported AWS 'algorithm': '\(String(decoding: scheme.prefix(64), as: UTF8.self))'.")
        }
        var parts: [String: String] = [:]
        for piece in bytes[blank...].split(separator: UInt8(ascii: ",")) {
            let part = Self.trimmed(piece)
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                if part.isEmpty { continue }
                let shown = String(decoding: part.prefix(64), as: UTF8.self)
                throw .malformed(
                    "`\(shown)` in the `Authorization` header is not `name=value`",
                    answer: "'\(shown)' not a valid key=value pair (missing equal-sign) in Authorization header.")
            }
            let name = String(decoding: part[..<equals], as: UTF8.self)
            let value = String(decoding: part[(equals + 1)...], as: UTF8.self)
            guard parts.updateValue(value, forKey: name) == nil else { throw .malformed(part: name) }
        }
        let missing = ["Credential", "Signature", "SignedHeaders"].filter { parts[$0, default: ""].isEmpty }
        guard missing.isEmpty else { throw .missing(parts: missing) }
        credential = parts["Credential", default: ""]
        signedHeaders = parts["SignedHeaders", default: ""]
        signature = parts["Signature", default: ""]
    }

    private static func trimmed(_ piece: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var piece = piece
        while let first = piece.first, isBlank(first) { piece.removeFirst() }
        while let last = piece.last, isBlank(last) { piece.removeLast() }
        return piece
    }
}
