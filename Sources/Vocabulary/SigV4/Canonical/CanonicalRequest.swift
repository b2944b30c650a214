internal import Crypto
package import HTTPTypes

/// A request in the one form that both sides hash.
///
/// Source: IAM User Guide, "Create a signed AWS API request".
package struct CanonicalRequest: Sendable {
    package let bytes: [UInt8]

    /// - Parameter signedHeaders: Lower-case names, ascending, each once; one that the request lacks is not written,
    ///   so the hash cannot match.
    package init(_ request: HTTPRequest, pathForm: PathForm, signedHeaders: [String], payload: PayloadHash) {
        let target = Array((request.path ?? "/").utf8)
        let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let query = target[min(mark + 1, target.endIndex)...]
        self.init(
            request, path: target[..<mark], query: QueryParameters(query), pathForm: pathForm,
            signedHeaders: signedHeaders, payload: payload)
    }

    init(
        _ request: HTTPRequest, path: ArraySlice<UInt8>, query: QueryParameters, pathForm: PathForm,
        signedHeaders: [String], payload: PayloadHash
    ) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        bytes.append(contentsOf: request.method.rawValue.utf8)
        bytes.append(UInt8(ascii: "\n"))
        CanonicalPath.append(path, form: pathForm, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        query.appendCanonical(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        for name in signedHeaders { Self.append(header: name, of: request, to: &bytes) }
        bytes.append(UInt8(ascii: "\n"))
        for (position, name) in signedHeaders.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ";")) }
            bytes.append(contentsOf: name.utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: payload.text.utf8)
        self.bytes = bytes
    }

    /// What the key signs.
    package func stringToSign(date: SigningDate, scope: SigningScope) -> [UInt8] {
        let dateText = date.text
        var text: [UInt8] = []
        text.reserveCapacity(192)
        text.append(contentsOf: SigningKey.algorithm.utf8)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: dateText.utf8)
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: dateText.utf8.prefix(8))
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: scope.region.utf8)
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: scope.service.utf8)
        text.append(contentsOf: "/aws4_request\n".utf8)
        PercentCoding.appendHex(SHA256.hash(data: bytes), to: &text)
        return text
    }

    private static func append(header name: String, of request: HTTPRequest, to bytes: inout [UInt8]) {
        if name == "host", let authority = request.authority {
            bytes.append(contentsOf: "host:".utf8)
            append(value: authority.utf8, to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
            return
        }
        guard let fieldName = HTTPField.Name(name) else { return }
        var isFirst = true
        for field in request.headerFields[fields: fieldName] {
            if isFirst {
                bytes.append(contentsOf: name.utf8)
                bytes.append(UInt8(ascii: ":"))
            } else {
                bytes.append(UInt8(ascii: ","))
            }
            isFirst = false
            append(value: field.value.utf8, to: &bytes)
        }
        if !isFirst { bytes.append(UInt8(ascii: "\n")) }
    }

    /// Trimmed, each run of blanks inside as one.
    private static func append(value: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        var blankWaits = false
        var isEmpty = true
        for byte in value {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                blankWaits = !isEmpty
            } else {
                if blankWaits { bytes.append(UInt8(ascii: " ")) }
                blankWaits = false
                isEmpty = false
                bytes.append(byte)
            }
        }
    }
}
