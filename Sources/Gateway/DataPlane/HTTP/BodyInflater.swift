import CZlib

/// Unpacks a request's body, whole or in pieces. It never makes more than the limit: a small body that unpacks to a huge one is
/// refused when the limit is reached, not when it is unpacked.
final class BodyInflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let coding: ContentCoding
    private let limit: Int
    private var produced = 0
    /// The last bytes taken ended a packed whole.
    private var isAtEnd = false
    private var hasBegun = false

    /// - Parameter limit: Bytes of the unpacked body.
    init(_ coding: ContentCoding, limit: Int = Limits.requestBodyBytesMax) {
        self.coding = coding
        self.limit = limit
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = inflateInit2_(
            stream, coding.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib cannot begin")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// A whole body, unpacked. An empty one stays empty.
    static func unpacked(_ body: [UInt8], _ coding: ContentCoding) throws(GatewayError) -> [UInt8] {
        guard !body.isEmpty else { return body }
        let inflater = BodyInflater(coding)
        let result = try inflater.take(body)
        try inflater.finish()
        return result
    }

    /// - Throws: 415: not packed as it says. 413: unpacks to more than the limit.
    func take(_ input: [UInt8]) throws(GatewayError) -> [UInt8] {
        guard !input.isEmpty else { return [] }
        hasBegun = true
        var output: [UInt8] = []
        var error: GatewayError?
        input.withUnsafeBufferPointer { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
            error = run(into: &output)
            stream.pointee.next_in = nil
        }
        if let error { throw error }
        return output
    }

    private func run(into output: inout [UInt8]) -> GatewayError? {
        let room = 64 * 1024
        while true {
            if isAtEnd {
                guard stream.pointee.avail_in > 0 else { return nil }
                // RFC 1952: packed wholes may follow one another; the zlib format has no such thing.
                guard coding == .gzip, inflateReset(stream) == Z_OK else { return .unsupportedMediaType }
                isAtEnd = false
            }
            var result = Z_OK
            let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(room)
                result = inflate(stream, Z_NO_FLUSH)
                count = room - Int(stream.pointee.avail_out)
            }
            stream.pointee.next_out = nil
            produced += piece.count
            guard produced <= limit else { return .requestTooLarge }
            output += piece
            switch result {
            case Z_STREAM_END: isAtEnd = true
            case Z_OK where piece.count == room || stream.pointee.avail_in > 0: break
            // Everything was taken; more must come.
            case Z_OK, Z_BUF_ERROR: return nil
            default: return .unsupportedMediaType
            }
        }
    }

    /// - Throws: 415: the body ended before its packing did.
    func finish() throws(GatewayError) {
        guard isAtEnd || !hasBegun else { throw .unsupportedMediaType }
    }
}
