import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A client that sends bytes exactly as given, over a plain socket. Every wait has a limit.
final class WireClient {
    struct Answer {
        var status: Int
        var head: String
        var body: String
        /// The body as it came.
        var bytes: [UInt8] = []

        func header(_ name: String) -> String? { headers(name).first }
        func headers(_ name: String) -> [String] {
            head.split(separator: "\r\n").dropFirst().compactMap { line in
                guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else {
                    return nil
                }
                return String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
    }

    private let socket: Int32
    private var inbox: [UInt8] = []

    init(port: Int, secondsMax: Int = 20) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: secondsMax, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Unexpected("cannot connect: \(errno)") }
    }

    deinit { Glibc.close(socket) }

    /// - Returns: False if the server closed before all was taken.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// More bytes, or false at the end of the connection.
    private func fill() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        if count < 0, errno == EAGAIN { throw Unexpected("nothing came within the limit") }
        guard count > 0 else { return false }
        inbox += buffer[..<count]
        return true
    }

    /// The next answer on the connection.
    func answer(isHead: Bool = false) throws -> Answer {
        var headEnd: Int?
        while headEnd == nil {
            headEnd = Self.headEnd(inbox)
            if headEnd == nil, try !fill() { throw Unexpected("closed before an answer") }
        }
        let end = headEnd ?? 0
        let head = String(decoding: inbox[..<end], as: UTF8.self)
        inbox.removeFirst(end)
        let status = Int(head.split(separator: " ")[1]) ?? 0
        var answer = Answer(status: status, head: head, body: "")
        if status == 100 { return try self.answer(isHead: isHead) }
        if isHead || status == 204 || status == 304 { return answer }
        if answer.header("Transfer-Encoding") != nil {
            answer.bytes = try chunks()
        } else if let length = answer.header("Content-Length").flatMap(Int.init) {
            answer.bytes = try take(length)
        } else {
            answer.bytes = try untilClose()
        }
        answer.body = String(decoding: answer.bytes, as: UTF8.self)
        return answer
    }

    func exchange(_ text: String) throws -> Answer {
        send(text)
        return try answer(isHead: text.hasPrefix("HEAD "))
    }

    func take(_ count: Int) throws -> [UInt8] {
        while inbox.count < count {
            guard try fill() else { throw Unexpected("closed within a body of \(count), after \(inbox.count) bytes") }
        }
        defer { inbox.removeFirst(count) }
        return Array(inbox[..<count])
    }

    /// Reads and forgets.
    func skip(_ count: Int) throws {
        var left = count
        while left > 0 {
            if inbox.isEmpty, try !fill() { throw Unexpected("closed") }
            let taken = min(left, inbox.count)
            inbox.removeFirst(taken)
            left -= taken
        }
    }

    /// Apart from those that the server resolves names and reads certificates with: waiting clients would keep them all.
    private static let threads = {
        let threads = NIOThreadPool(numberOfThreads: 16)
        threads.start()
        return threads
    }()

    /// Waits for something of this client on a thread that no task runs on.
    func waiting<Value: Sendable>(_ body: @escaping @Sendable (WireClient) throws -> Value) async throws -> Value {
        // SAFETY: the caller waits until the other thread is done with the client.
        nonisolated(unsafe) let client = self
        return try await Self.threads.runIfActive { try body(client) }
    }

    func untilClose() throws -> [UInt8] {
        while try fill() {}
        defer { inbox = [] }
        return inbox
    }

    /// The first chunks of an answer whose end need not come.
    func firstChunks(_ count: Int) throws -> [UInt8] {
        while Self.headEnd(inbox) == nil { if try !fill() { throw Unexpected("closed before an answer") } }
        inbox.removeFirst(Self.headEnd(inbox) ?? 0)
        var body: [UInt8] = []
        for _ in 0..<count { body += try chunk() }
        return body
    }

    private func chunk() throws -> [UInt8] {
        while !inbox.contains(0x0A) { if try !fill() { throw Unexpected("closed within chunks") } }
        let line = inbox.firstIndex(of: 0x0A) ?? 0
        let size = Int(String(decoding: inbox[..<(line - 1)], as: UTF8.self), radix: 16) ?? 0
        inbox.removeFirst(line + 1)
        let bytes = try take(size)
        _ = try take(2)
        return bytes
    }

    private func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let bytes = try chunk()
            guard !bytes.isEmpty else { return body }
            body += bytes
        }
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for position in 0...(bytes.count - 4) where bytes[position...].starts(with: [13, 10, 13, 10]) {
            return position + 4
        }
        return nil
    }
}
