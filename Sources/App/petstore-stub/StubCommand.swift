#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the command line asks for.
enum StubCommand: Equatable {
    case help
    case serve(host: String, port: Int)

    static let usage = """
        usage: petstore-stub [--host HOST] [--port PORT]

        Serves the pet store that the walkthroughs call.

          --host HOST   address to listen on (default 127.0.0.1)
          --port PORT   0 takes a free one (default 19090); the address taken is printed

        Beside /petstore it has /__requests (what it was last asked), /__echo, /__status/NNN, /__slow?ms=N, /__hang,
        /__close, /__garbage and /__endless, for tests of failure.
        """

    struct UsageError: Error { var message: String }

    init(arguments: [String]) throws(UsageError) {
        var host = "127.0.0.1"
        var port = 19090
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--help", "-h":
                self = .help
                return
            case "--host":
                guard let value = rest.popFirst() else { throw UsageError(message: "`--host` needs a value") }
                host = value
            case "--port":
                guard let value = rest.popFirst(), let number = Int(value), (0...65535).contains(number) else {
                    throw UsageError(message: "`--port` needs a number from 0 to 65535")
                }
                port = number
            default: throw UsageError(message: "unknown option `\(option)`")
            }
        }
        self = .serve(host: host, port: port)
    }

    /// Says why on standard error and ends the program: 64 for a wrong command line, 1 otherwise.
    static func fail(_ error: any Error) -> Never {
        let usage = error as? UsageError
        let text = usage.map { "error: \($0.message)\n\n\(Self.usage)\n" } ?? "error: \(error)\n"
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
            guard written > 0 else { break }
            bytes = bytes.dropFirst(written)
        }
        exit(usage == nil ? 1 : 64)
    }
}
