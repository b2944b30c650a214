import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// An endpoint made for one test: it records what it is sent and answers as told.
final class TestEndpoint: Sendable {
    struct Request: Sendable {
        var method: String
        var target: String
        var headers: [(name: String, value: String)]
        var body: String
        /// The body as it came.
        var bytes: [UInt8] = []
        /// Which connection it came over, from 1.
        var connection: Int

        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
    }

    enum Action: Sendable {
        /// Bytes as they stand.
        case raw(String)
        case bytes([UInt8])
        case rawThenClose(String)
        /// Bytes as they stand, once the gate is open.
        case after(Gate, String)
        case close
        case hang
        /// A chunked answer without an end, as fast as it is taken.
        case endless

        static func answer(_ status: Int, _ body: String, _ headers: String = "") -> Action {
            .raw("HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        static func json(_ body: String) -> Action { answer(200, body, "Content-Type: application/json\r\n") }
    }

    struct State {
        var requests: [Request] = []
        var connections = 0
        var closed = 0
        var waiters: [(condition: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func wake() {
            let ready = waiters.filter { $0.condition(self) }
            let waiting = waiters.filter { !$0.condition(self) }
            waiters = waiting
            for waiter in ready { waiter.continuation.resume() }
        }
    }

    let state = Mutex(State())
    let port: Int
    private let channel: any Channel
    private let scheme: String

    private init(channel: any Channel, scheme: String) {
        self.channel = channel
        self.scheme = scheme
        port = channel.localAddress?.port ?? 0
    }

    var url: String { "\(scheme)://127.0.0.1:\(port)" }
    var requests: [Request] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    /// Runs `body` with an endpoint, then stops it.
    ///
    /// - Parameter tls: With it the endpoint speaks https.
    static func with<Result>(
        tls: NIOSSLContext? = nil, _ respond: @escaping @Sendable (Request) -> Action,
        _ body: (TestEndpoint) async throws -> Result
    ) async throws -> Result {
        let box = Mutex<TestEndpoint?>(nil)
        let shared = Shared(box: box)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        TestEndpointHandler(respond) { shared.endpoint })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let endpoint = TestEndpoint(channel: channel, scheme: tls == nil ? "http" : "https")
        shared.set(endpoint)
        do {
            let result = try await body(endpoint)
            try await endpoint.stopListening()
            return result
        } catch {
            try await endpoint.stopListening()
            throw error
        }
    }

    /// Waits until the endpoint's record fulfils a condition.
    func wait(until condition: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if condition(state) { continuation.resume() } else { state.waiters.append((condition, continuation)) }
            }
        }
    }

    /// Stops listening; connections stay.
    func stopListening() async throws {
        if channel.isActive { try await channel.close().get() }
    }
}

private final class Shared: Sendable {
    private let box: Mutex<TestEndpoint?>
    init(box: consuming Mutex<TestEndpoint?>) { self.box = box }
    var endpoint: TestEndpoint? { box.withLock { $0 } }
    func set(_ endpoint: TestEndpoint) { box.withLock { $0 = endpoint } }
}

private final class TestEndpointHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let respond: @Sendable (TestEndpoint.Request) -> TestEndpoint.Action
    private let endpoint: @Sendable () -> TestEndpoint?
    private var text: [UInt8] = []
    private var number = 0
    private var isEndless = false

    init(
        _ respond: @escaping @Sendable (TestEndpoint.Request) -> TestEndpoint.Action,
        endpoint: @escaping @Sendable () -> TestEndpoint?
    ) {
        self.respond = respond
        self.endpoint = endpoint
    }

    func channelActive(context: ChannelHandlerContext) {
        number =
            endpoint()?.state.withLock { state in
                state.connections += 1
                return state.connections
            } ?? 0
    }

    func channelInactive(context: ChannelHandlerContext) {
        isEndless = false
        endpoint()?.state.withLock { state in
            state.closed += 1
            state.wake()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        while let request = takeRequest() {
            endpoint()?.state.withLock { state in
                state.requests.append(request)
                state.wake()
            }
            act(respond(request), context)
        }
    }

    private func act(_ action: TestEndpoint.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .raw(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .bytes(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .rawThenClose(let text):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            context.close(promise: nil)
        case .after(let gate, let text):
            let channel = context.channel
            gate.whenOpen { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
        case .close: context.close(promise: nil)
        case .hang: break
        case .endless:
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
            isEndless = true
            sendEndless(context)
        }
    }

    private func sendEndless(_ context: ChannelHandlerContext) {
        guard isEndless, context.channel.isActive else { return }
        let block = ByteBuffer(string: "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n")
        context.writeAndFlush(wrapOutboundOut(block)).assumeIsolated().whenSuccess {
            context.eventLoop.assumeIsolated().execute { self.sendEndless(context) }
        }
    }

    /// A deliberately plain reader of requests, not the one under test.
    private func takeRequest() -> TestEndpoint.Request? {
        // Only the head is made a string: a long body comes in many pieces.
        guard let headLength = headLength else { return nil }
        let lines = String(decoding: text[..<(headLength - 4)], as: Unicode.ASCII.self).split(separator: "\r\n")
        let first = lines[0].split(separator: " ").map(String.init)
        let headers = lines.dropFirst().map { line -> (name: String, value: String) in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (String(line[..<colon]), String(line[colon...].dropFirst().drop { $0 == " " }))
        }
        var request = TestEndpoint.Request(
            method: first[0], target: first[1], headers: headers, body: "", connection: number)
        if request.header("Transfer-Encoding") != nil {
            guard let (body, length) = Self.chunks(text[headLength...]) else { return nil }
            request.bytes = body
            text.removeFirst(headLength + length)
        } else {
            let length = Int(request.header("Content-Length") ?? "0") ?? 0
            guard text.count >= headLength + length else { return nil }
            request.bytes = Array(text[headLength..<headLength + length])
            text.removeFirst(headLength + length)
        }
        request.body = String(decoding: request.bytes, as: UTF8.self)
        return request
    }

    private var headLength: Int? {
        var position = 3
        while position < text.count {
            if text[position] == 0x0A, text[position - 1] == 0x0D, text[position - 2] == 0x0A { return position + 1 }
            position += 1
        }
        return nil
    }

    private static func chunks(_ bytes: ArraySlice<UInt8>) -> (body: [UInt8], length: Int)? {
        var body: [UInt8] = []
        var position = bytes.startIndex
        while true {
            guard let line = bytes[position...].firstIndex(of: 0x0A) else { return nil }
            let size = Int(String(decoding: bytes[position..<line - 1], as: UTF8.self), radix: 16) ?? 0
            guard bytes.endIndex >= line + 1 + size + 2 else { return nil }
            body += bytes[line + 1..<line + 1 + size]
            position = line + 1 + size + 2
            if size == 0 { return (body, position - bytes.startIndex) }
        }
    }
}

extension String {
    func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
