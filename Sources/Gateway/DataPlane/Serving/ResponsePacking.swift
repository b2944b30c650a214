/// How the responses to one request are packed.
struct ResponsePacking {
    var coding: ContentCoding
    /// Bytes a body has at least to be packed: `minimumCompressionSize`.
    var bytesMin: Int

    /// - Parameter length: Bytes of the body; nil where it passes as it comes, and nobody knows.
    /// - Returns: Nil: the response goes as it is.
    func coding(of response: ExchangeResponse, length: Int?) -> ContentCoding? {
        // Nothing to pack, packed already, or a part whose place is told in bytes of the whole.
        guard HeadWriter.mayHaveBody(response.status), response.status != 206,
            !response.headers.contains(.contentEncoding)
        else { return nil }
        if let length, length < bytesMin || length == 0 { return nil }
        let keepsForm = response.headers.values("Cache-Control").contains { $0.lowercased().contains("no-transform") }
        return keepsForm ? nil : coding
    }
}

extension ExchangeResponse {
    /// Says how the body is packed, and that another client may get it otherwise.
    mutating func announce(_ coding: ContentCoding) {
        headers.append("Content-Encoding", coding.rawValue)
        let varies = headers.values("Vary").joined(separator: ",").lowercased()
        if !varies.contains("accept-encoding"), !varies.contains("*") { headers.append("Vary", "Accept-Encoding") }
    }
}
