import Bytes
import NIOCore
import Seeds
import Testing

@testable import DataPlane

@Suite("HTTP/1 on its bytes")
struct WireTests {
    private func head(_ text: String) throws -> RequestHead {
        try Array(text.utf8).withUnsafeBufferPointer { bytes throws in try RequestHead(parsing: bytes) }
    }

    @Test("the parts of a head are found where they stand")
    func requestHead() throws {
        let head = try head("PUT /a/b?x=1?2 HTTP/1.1\r\nHost: h:1\r\nX-A:\t v \t\r\nContent-Length: 3\r\nx-a:\r\n\r\n")
        #expect(head.method == "PUT")
        #expect(String(decoding: head.bytes[head.path], as: UTF8.self) == "/a/b")
        #expect(String(decoding: head.bytes[head.query], as: UTF8.self) == "x=1?2")
        #expect(String(decoding: head.bytes[head.authority], as: UTF8.self) == "h:1")
        #expect(head.headers.values("X-a") == ["v", ""])
        #expect(head.framing == .length(3))
        #expect(head.keepsAlive)
    }

    @Test("an absolute target brings its own host")
    func absoluteTarget() throws {
        let head = try head("GET HTTP://a.b:1/c?d HTTP/1.1\r\nHost: other\r\n\r\n")
        #expect(String(decoding: head.bytes[head.path], as: UTF8.self) == "/c")
        #expect(String(decoding: head.bytes[head.authority], as: UTF8.self) == "a.b:1")
        #expect(throws: WireFailure.malformed) { try self.head("GET http:///c HTTP/1.1\r\nHost: a\r\n\r\n") }
    }

    @Test("the end of a head is found wherever the reads cut it", arguments: 0..<30)
    func headEnd(_ cut: Int) {
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest\r\n\r\n".utf8)
        bytes.withUnsafeBufferPointer { all in
            let first = HeadScanner.end(of: UnsafeBufferPointer(rebasing: all[..<cut]), scanned: 0)
            #expect(first == (cut >= 27 ? 27 : nil))
            #expect(HeadScanner.end(of: all, scanned: min(cut, 26)) == 27)
        }
    }

    @Test("chunks decode the same wherever the reads cut them", arguments: 1..<24)
    func chunks(_ size: Int) throws {
        let text = "5;a=b\r\nabcde\r\n00A\r\n0123456789\r\n0\r\nT: 1\r\n\r\nNEXT"
        var decoder = BodyDecoder(RequestHead.Framing.chunked)
        var buffer = ByteBuffer()
        var rest = Array(text.utf8)[...]
        var body = ""
        loop: while true {
            switch try decoder.decode(&buffer) {
            case .bytes(let bytes): body += String(buffer: bytes)
            case .end: break loop
            case .needsMore:
                try #require(!rest.isEmpty)
                buffer.writeBytes(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
        }
        #expect(body == "abcde0123456789")
        #expect("NEXT".hasPrefix(String(buffer: buffer)))
    }

    @Test(
        "chunks that are none are refused",
        arguments: [
            "x\r\n", "\r\n", "-1\r\n", "5\nabcde", "123456789\r\n", "1\r\nab\r\n", ";x\r\n",
            "0\r\n" + String(repeating: "a: b\r\n", count: 2000), String(repeating: "1", count: 5000),
        ])
    func badChunks(_ text: String) {
        #expect(throws: WireFailure.malformed) {
            var decoder = BodyDecoder(RequestHead.Framing.chunked)
            var buffer = ByteBuffer(string: text)
            while case .bytes = try decoder.decode(&buffer) {}
            // A chunk's end may be missing only while more can come.
            buffer.writeString("\r\n")
            while case .bytes = try decoder.decode(&buffer) {}
        }
    }

    @Test("repairing text in pieces gives what repairing it whole gives", arguments: 0..<200)
    func repair(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces: [[UInt8]] = [
            Array("aé€😀".utf8), [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90],
            [0xC0, 0xAF],
        ]
        let bytes = (0..<10).flatMap { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
        var repair = UTF8Repair()
        var result: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int(1 + random.next() % 5)
            result += repair.repair(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        result += repair.finish()
        #expect(result == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }

    @Test(
        "dates are right across centuries",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ])
    func dates(_ seconds: Int64, _ text: String) {
        #expect(GatewayDate(secondsSince1970: seconds).httpText == text)
    }

    @Test("ids have the form of the service's")
    func identities() {
        var source = IdentitySource()
        var seen: Set<String> = []
        for _ in 0..<100 {
            let identity = source.next(1_500_000_000_000)
            #expect(seen.insert(identity.requestID).inserted)
            let parts = identity.requestID.split(separator: "-").map(\.count)
            #expect(parts == [8, 4, 4, 4, 12])
            #expect(Array(identity.requestID)[14] == "4")
            #expect("89ab".contains(Array(identity.requestID)[19]))
            #expect(identity.extendedRequestID.count == 16)
            #expect(identity.extendedRequestID.hasSuffix("="))
            #expect(identity.traceID.hasPrefix("Root=1-59682f00-"))
        }
    }
}
