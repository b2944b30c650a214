import CZlib
import NIOCore

/// Packs a response's body, whole or as it comes.
final class BodyDeflater {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Something was taken since the last flush.
    private(set) var holdsBack = false

    init(_ coding: ContentCoding) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // The fastest level: an event loop does the work, and the others save few bytes of JSON for much more time.
        let result = deflateInit2_(
            stream, 1, Z_DEFLATED, coding.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib cannot begin")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    static func packed(_ body: [UInt8], _ coding: ContentCoding) -> [UInt8] {
        let deflater = BodyDeflater(coding)
        return body.withUnsafeBytes { deflater.run($0, Z_FINISH) }
    }

    func take(_ bytes: ByteBuffer) -> [UInt8] {
        holdsBack = true
        return bytes.withUnsafeReadableBytes { run($0, Z_NO_FLUSH) }
    }

    /// All that was taken, in a form that a reader can unpack at once.
    func flush() -> [UInt8] {
        holdsBack = false
        return run(UnsafeRawBufferPointer(start: nil, count: 0), Z_SYNC_FLUSH)
    }

    func finish() -> [UInt8] { run(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH) }

    private func run(_ input: UnsafeRawBufferPointer, _ mode: Int32) -> [UInt8] {
        let bytes = input.bindMemory(to: UInt8.self)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
        stream.pointee.avail_in = UInt32(truncatingIfNeeded: bytes.count)
        var output: [UInt8] = []
        let room = 16 * 1024
        var isFull = true
        while isFull {
            output += [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(room)
                _ = deflate(stream, mode)
                count = room - Int(stream.pointee.avail_out)
            }
            isFull = stream.pointee.avail_out == 0
        }
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
        return output
    }
}
