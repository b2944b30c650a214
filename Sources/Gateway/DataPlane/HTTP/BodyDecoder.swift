import NIOCore

/// Takes the body of one message out of a stream of bytes.
struct BodyDecoder {
    enum Event {
        case needsMore
        case bytes(ByteBuffer)
        case end
    }

    private enum State {
        case length(Int)
        case chunkLine
        case chunk(Int)
        case chunkEnd
        case trailers(bytes: Int)
        case untilClose
        case done
    }

    private var state: State

    init(_ framing: RequestHead.Framing) {
        switch framing {
        case .none: state = .done
        case .length(let length): state = .length(length)
        case .chunked: state = .chunkLine
        }
    }

    init(_ framing: ResponseHead.Framing) {
        switch framing {
        case .none: state = .done
        case .length(let length): state = .length(length)
        case .chunked: state = .chunkLine
        case .untilClose: state = .untilClose
        }
    }

    var isDone: Bool { if case .done = state { true } else { false } }
    /// True if the end of the connection ends the body as it should.
    var endsWithConnection: Bool { if case .untilClose = state { true } else { isDone } }

    /// The next piece of the body. Call again until it needs more or has ended.
    mutating func decode(_ buffer: inout ByteBuffer) throws(WireFailure) -> Event {
        while true {
            switch state {
            case .done: return .end
            case .length(let rest): return take(rest, &buffer) { $0 == 0 ? .done : .length($0) }
            case .untilClose: return take(.max, &buffer) { _ in .untilClose }
            case .chunk(let rest): return take(rest, &buffer) { $0 == 0 ? .chunkEnd : .chunk($0) }
            case .chunkLine:
                guard let line = try line(&buffer) else { return .needsMore }
                let size = try Self.chunkSize(line)
                state = size == 0 ? .trailers(bytes: 0) : .chunk(size)
            case .chunkEnd:
                guard buffer.readableBytes >= 2 else { return .needsMore }
                guard buffer.readInteger(as: UInt16.self) == 0x0D0A else { throw .malformed }
                state = .chunkLine
            case .trailers(let bytes):
                guard let line = try line(&buffer) else { return .needsMore }
                guard !line.isEmpty else {
                    state = .done
                    return .end
                }
                guard bytes + line.count <= Limits.chunkLineBytesMax else { throw .malformed }
                state = .trailers(bytes: bytes + line.count)
            }
        }
    }

    private mutating func take(_ rest: Int, _ buffer: inout ByteBuffer, next: (Int) -> State) -> Event {
        let count = min(rest, buffer.readableBytes)
        guard count > 0, let slice = buffer.readSlice(length: count) else { return .needsMore }
        state = next(rest - count)
        return .bytes(slice)
    }

    /// Up to CRLF, which is read too; nil if it has not come yet.
    private func line(_ buffer: inout ByteBuffer) throws(WireFailure) -> ByteBufferView? {
        let view = buffer.readableBytesView
        guard let end = view.prefix(Limits.chunkLineBytesMax + 2).firstIndex(of: 0x0A) else {
            guard view.count <= Limits.chunkLineBytesMax else { throw .malformed }
            return nil
        }
        let length = end - view.startIndex
        guard length >= 1, view[end - 1] == 0x0D else { throw .malformed }
        buffer.moveReaderIndex(forwardBy: length + 1)
        return view[view.startIndex..<end - 1]
    }

    /// Hexadecimal digits, then perhaps extensions, which nobody reads.
    private static func chunkSize(_ line: ByteBufferView) throws(WireFailure) -> Int {
        var size = 0
        var digits = 0
        for byte in line {
            let digit: Int
            switch byte {
            case 0x30...0x39: digit = Int(byte - 0x30)
            case 0x41...0x46: digit = Int(byte - 0x41) + 10
            case 0x61...0x66: digit = Int(byte - 0x61) + 10
            case UInt8(ascii: ";"), 0x20, 0x09:
                guard digits > 0 else { throw .malformed }
                return size
            default: throw .malformed
            }
            digits += 1
            guard digits <= 8 else { throw .malformed }
            size = size << 4 | digit
        }
        guard digits > 0 else { throw .malformed }
        return size
    }
}
