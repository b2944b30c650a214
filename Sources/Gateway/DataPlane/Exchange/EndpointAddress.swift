/// The address of one call: the endpoint's uri with path parameters and query filled in.
struct EndpointAddress {
    private let endpoint: EndpointTemplate
    private let mapped: MappedParameters
    /// The query of the client that is passed on, as sent.
    private let proxied: ArraySlice<UInt8>

    init(_ endpoint: EndpointTemplate, _ mapped: MappedParameters, proxied: ArraySlice<UInt8>) {
        self.endpoint = endpoint
        self.mapped = mapped
        self.proxied = proxied
    }

    func resolved() throws(GatewayError) -> (origin: EndpointOrigin, target: String) {
        let uri = try filled()
        let afterScheme = uri.utf8.index(uri.startIndex, offsetBy: endpoint.security.prefix.utf8.count)
        let targetStart =
            uri.utf8[afterScheme...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? uri.endIndex
        let resolved =
            endpoint.origin
            ?? EndpointOrigin(authority: String(uri[afterScheme..<targetStart]), security: endpoint.security)
        guard let origin = resolved else { throw .configuration("the endpoint's address has no valid host") }
        var target = String(uri[targetStart...])
        if !target.utf8.starts(with: "/".utf8) { target = "/" + target }
        target = withQuery(target)
        guard target.utf8.count <= Limits.endpointURIBytesMax, target.utf8.allSatisfy(Self.isAllowed) else {
            throw .configuration("the endpoint's address is not valid")
        }
        return (origin, target)
    }

    private func filled() throws(GatewayError) -> String {
        var uri = ""
        for piece in endpoint.pieces {
            switch piece {
            case .text(let text): uri += text
            case .parameter(let name):
                guard let value = mapped.path.last(where: { $0.name == name })?.value else {
                    throw .configuration("the endpoint's address needs `{\(name)}`, which nothing is mapped to")
                }
                guard !hasDotSegment(value.utf8) else {
                    throw .configuration("the value of `{\(name)}` would leave the endpoint's path")
                }
                uri += QueryText.encodedForPath(value)
            }
        }
        return uri
    }

    private func withQuery(_ target: String) -> String {
        var pairs: [String] = []
        if mapped.query.isEmpty {
            if !proxied.isEmpty { pairs = [String(decoding: proxied, as: UTF8.self)] }
        } else {
            // A mapped parameter takes the place of the client's of the same name.
            pairs = QueryText.parameters(proxied).filter { sent in !mapped.query.contains { $0.name == sent.name } }
                .map { "\(QueryText.encoded($0.name))=\(QueryText.encoded($0.value))" }
            pairs += mapped.query.map { "\(QueryText.encoded($0.name))=\(QueryText.encoded($0.value))" }
        }
        guard !pairs.isEmpty else { return target }
        let separator = target.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        return target + separator + pairs.joined(separator: "&")
    }

    /// Visible ASCII without what RFC 3986 keeps out of an address. The client's own query passes as it came.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "#"):
            false
        default: byte > 0x20 && byte < 0x7F
        }
    }
}
