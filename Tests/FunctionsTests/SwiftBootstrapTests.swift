import FoundationEssentials
import Functions
import Glibc
import Testing

/// A program of a compiled language as a function, which needs nothing of this machine but its C library.
@Suite("A bootstrap in Swift")
struct SwiftBootstrapTests {
    private static let source = ##"""
        import Glibc

        /// One request to the Runtime API; the response's head and body.
        func ask(_ method: String, _ path: String, _ body: String = "") -> (head: String, body: String) {
            let address = String(cString: getenv("AWS_LAMBDA_RUNTIME_API")).split(separator: ":")
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = UInt16(address[1])!.bigEndian
            inet_pton(AF_INET, String(address[0]), &place.sin_addr)
            let isConnected = withUnsafePointer(to: &place) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard isConnected == 0 else { exit(1) }
            let request = "\(method) /2018-06-01/runtime/\(path) HTTP/1.1\r\nHost: runtime\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            _ = Array(request.utf8).withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            var answer: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = read(socket, &buffer, buffer.count)
                guard count > 0 else { break }
                answer += buffer[..<count]
            }
            close(socket)
            let text = String(decoding: answer, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { exit(1) }
            return (String(text[..<end.lowerBound]), String(text[end.upperBound...]))
        }

        while true {
            let (head, event) = ask("GET", "invocation/next")
            let name = "lambda-runtime-aws-request-id: "
            guard let line = head.split(separator: "\r\n").first(where: { $0.lowercased().hasPrefix(name) }) else { exit(1) }
            print("answering \(event.utf8.count) bytes")
            fflush(stdout)
            _ = ask("POST", "invocation/\(line.dropFirst(name.count))/response", #"{"from":"Swift","event":\#(event)}"#)
        }
        """##

    @Test(
        "answers events, one process for all, and its prints are in the log",
        .enabled(if: Processes.isInstalled("swiftc"), "needs swiftc"))
    func answers() async throws {
        let folder = try TestStage.newFolder()
        defer { TestStage.remove(folder) }
        let program = folder + "/bootstrap"
        try Data(Self.source.utf8).write(to: URL(filePath: folder + "/main.swift"))
        let flags = ["-O", "-static-stdlib", "-module-cache-path", folder + "/cache", "-o", program]
        try #require(try Commands.run("swiftc", flags + [folder + "/main.swift"]) == 0)
        let bytes = Array(try Data(contentsOf: URL(filePath: program)))
        try await TestStage.with { stage in
            let code = try stage.store.keep([CodeFile(path: "bootstrap", bytes: bytes, isExecutable: true)])
            var function = FunctionSpecification(
                arn: "arn:aws:lambda:us-east-1:123456789012:function:swift", name: "swift",
                runtime: "provided.al2023", handler: "none", codeFolder: code.path)
            function.timeout = .seconds(20)
            let first = try await stage.invoke(function, #"{"a":1}"#)
            #expect(first.text == #"{"from":"Swift","event":{"a":1}}"#)
            #expect(first.log.contains("answering 7 bytes\n"))
            let second = try await stage.invoke(function, "[]")
            #expect(second.text == #"{"from":"Swift","event":[]}"#)
            #expect(first.initDuration != nil && second.initDuration == nil)
            #expect(await stage.host.processCount() == 1)
        }
    }
}
