import NIOCore

extension ByteBuffer {
    mutating func writeStatusLine(_ status: Int) { writeBytes(HeadWriter.statusLine(status)) }

    mutating func writeHeaders(_ headers: HeaderFields) {
        headers.storage.withUnsafeBufferPointer { all in
            for field in headers.fields {
                writeBytes(UnsafeBufferPointer(rebasing: all[Int(field.nameStart)..<Int(field.nameEnd)]))
                writeStaticString(": ")
                writeBytes(UnsafeBufferPointer(rebasing: all[Int(field.valueStart)..<Int(field.valueEnd)]))
                writeStaticString("\r\n")
            }
        }
    }

    mutating func writeLengthHeader(_ length: Int) {
        writeStaticString("Content-Length: ")
        writeString(String(length))
        writeStaticString("\r\n")
    }

    mutating func writeChunkLine(_ length: Int) {
        writeString(String(length, radix: 16))
        writeStaticString("\r\n")
    }

    /// Both ids, after the name of the first, and the end of the head.
    mutating func writeIdentity(_ identity: ExchangeIdentity) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: 36) {
            ExchangeIdentity.write(identity.high, identity.low, into: $0.bindMemory(to: UInt8.self))
        }
        writeStaticString("\r\nx-amz-apigw-id: ")
        writeWithUnsafeMutableBytes(minimumWritableBytes: 16) {
            ExchangeIdentity.write(identity.extended, into: $0.bindMemory(to: UInt8.self))
        }
        writeStaticString("\r\n\r\n")
    }
}
