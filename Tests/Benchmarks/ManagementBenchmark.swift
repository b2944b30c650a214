import Glibc
import HTTPTypes
import JSON
import SigV4
import Synchronization

/// `Benchmarks management NAME HOST PORT PID SECONDS`: signed reads and writes of API Gateway over kept connections, by one
/// client and by sixteen; any server of the API can be asked, and its CPU is that of the process PID.
enum ManagementBenchmark {
    static let credentials = SigningCredentials(accessKeyID: "AKIAROOTROOTROOTROOT", secretAccessKey: "secret")

    struct Failed: Error { var what: String }

    static func run(_ arguments: [String]) throws {
        guard arguments.count == 5, let port = UInt16(arguments[2]), let pid = Int(arguments[3]),
            let seconds = Int(arguments[4])
        else { throw Failed(what: "Benchmarks management NAME HOST PORT PID SECONDS") }
        let (name, host) = (arguments[0], arguments[1])
        for clients in [1, 16] {
            for isWriting in [false, true] {
                let before = cpuTicks(pid)
                let calls = try load(host, port, clients, isWriting, seconds)
                let cpu = Double(cpuTicks(pid) - before) / Double(sysconf(Int32(_SC_CLK_TCK)))
                let what = "\(name): \(isWriting ? "writes" : "reads"), \(clients) client\(clients == 1 ? "" : "s")"
                Bench.report(what, Double(calls) / Double(seconds), "calls/s")
                Bench.report("  CPU of it", cpu / Double(max(calls, 1)) * 1_000_000, "µs/call")
            }
        }
    }

    /// - Returns: Calls that were answered well; one that is not ends the run.
    private static func load(
        _ host: String, _ port: UInt16, _ clients: Int, _ isWriting: Bool, _ seconds: Int
    ) throws -> Int {
        let work = Work(host: host, port: port, isWriting: isWriting, until: ContinuousClock.now + .seconds(seconds))
        var threads: [pthread_t] = []
        for _ in 0..<clients {
            var thread = pthread_t()
            pthread_create(&thread, nil, runClient, Unmanaged.passRetained(work).toOpaque())
            threads.append(thread)
        }
        for thread in threads { pthread_join(thread, nil) }
        if let problem = work.problem.withLock({ $0 }) { throw Failed(what: problem) }
        return work.calls.withLock { $0 }
    }

    /// User and system time of a process, with that of its threads.
    private static func cpuTicks(_ pid: Int) -> Int {
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return 0 }
        defer { fclose(file) }
        var bytes = [CChar](repeating: 0, count: 1024)
        let count = fread(&bytes, 1, bytes.count - 1, file)
        let text = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Counted from the state: the name before it may hold anything.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return 0 }
        return user + system
    }

    fileprivate final class Work: Sendable {
        let host: String
        let port: UInt16
        let isWriting: Bool
        let end: ContinuousClock.Instant
        let calls = Mutex(0)
        let problem = Mutex<String?>(nil)

        init(host: String, port: UInt16, isWriting: Bool, until end: ContinuousClock.Instant) {
            self.host = host
            self.port = port
            self.isWriting = isWriting
            self.end = end
        }

        func run() {
            do {
                var connection = try Connection(host: host, port: port)
                defer { connection.close() }
                let made = try connection.ask(.post, "/restapis", #"{"name":"bench"}"#)
                guard [200, 201].contains(made.status), let id = try JSONValue(parsing: made.body)["id"]?.string else {
                    throw Failed(what: "CreateRestApi: \(made)")
                }
                var count = 0
                while ContinuousClock.now < end {
                    let answer =
                        isWriting
                        ? try connection.ask(
                            .patch, "/restapis/\(id)",
                            #"{"patchOperations":[{"op":"replace","path":"/description","value":"\#(count)"}]}"#)
                        : try connection.ask(.get, "/restapis/\(id)", "")
                    guard answer.status == 200 else { throw Failed(what: "\(answer)") }
                    count += 1
                }
                calls.withLock { $0 += count }
            } catch {
                problem.withLock { $0 = "\(error)" }
            }
        }
    }
}

private func runClient(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<ManagementBenchmark.Work>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}

extension ManagementBenchmark {
    /// One connection that is kept, used by one thread; blocking, so that the client costs as little as can be.
    struct Connection {
        private let descriptor: Int32
        private let host: String
        private let port: UInt16
        private let authority: String
        private let keys = SigningKeyCache()
        private var buffer: [UInt8] = []
        /// The server ends connections after an answer: moto's does.
        private var isEnded = false

        /// - Throws: ``Failed`` when nobody listens.
        init(host: String, port: UInt16) throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            self.host = host
            self.port = port
            authority = "\(host):\(port)"
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &address.sin_addr)
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
            }
            guard result == 0 else {
                Glibc.close(descriptor)
                throw Failed(what: "nobody listens on \(authority)")
            }
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }

        func close() { _ = Glibc.close(descriptor) }

        mutating func ask(
            _ method: HTTPRequest.Method, _ path: String, _ body: String
        ) throws -> (status: Int, body: String) {
            if isEnded {
                close()
                self = try Connection(host: host, port: port)
            }
            var request = HTTPRequest(method: method, scheme: "http", authority: authority, path: path)
            Signer.sign(
                &request, body: Array(body.utf8), credentials: ManagementBenchmark.credentials,
                scope: SigningScope(service: "apigateway", region: "us-east-1"),
                at: SigningDate(secondsSince1970: time(nil)), keys: keys)
            var text = "\(method.rawValue) \(path) HTTP/1.1\r\nHost: \(authority)\r\n"
            text += "Content-Length: \(body.utf8.count)\r\n"
            for field in request.headerFields { text += "\(field.name.rawName): \(field.value)\r\n" }
            try write(Array((text + "\r\n" + body).utf8))
            return try read()
        }

        private func write(_ bytes: [UInt8]) throws {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { throw Failed(what: "the connection was closed") }
                rest = rest.dropFirst(count)
            }
        }

        private mutating func fill() throws {
            var part = [UInt8](repeating: 0, count: 16384)
            let count = Glibc.read(descriptor, &part, part.count)
            guard count > 0 else { throw Failed(what: "the connection was closed") }
            buffer += part[..<count]
        }

        private mutating func read() throws -> (status: Int, body: String) {
            var head = ""
            while true {
                if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                    head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
                    buffer.removeFirst(end.upperBound)
                    break
                }
                try fill()
            }
            let lines = head.split(separator: "\r\n")
            let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
            isEnded = head.hasPrefix("HTTP/1.0") || lines.contains { $0.lowercased() == "connection: close" }
            guard let length else { throw Failed(what: "no Content-Length: \(head)") }
            while buffer.count < length { try fill() }
            defer { buffer.removeFirst(length) }
            return (status, String(decoding: buffer[..<length], as: UTF8.self))
        }
    }
}
