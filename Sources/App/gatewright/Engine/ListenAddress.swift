import ArgumentParser

/// `HOST:PORT`, with brackets around an IPv6 host.
struct ListenAddress: ExpressibleByArgument, Sendable, Hashable, CustomStringConvertible {
    var host: String
    /// 0 takes a free one.
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65535).contains(port)
        else { return nil }
        var host = String(argument[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { return nil }
        self.init(host: host, port: port)
    }

    /// `http://HOST:PORT`, or `http://HOST` for port 80; nil for anything else.
    init?(httpURL: String) {
        guard httpURL.hasPrefix("http://") else { return nil }
        let rest = httpURL.dropFirst("http://".count)
        let host = rest.hasSuffix("/") ? rest.dropLast() : rest
        guard !host.contains("/") else { return nil }
        if let address = ListenAddress(argument: String(host)) {
            self = address
        } else if let address = ListenAddress(argument: host + ":80") {
            self = address
        } else {
            return nil
        }
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    var defaultValueDescription: String { description }

    /// True for what only this machine reaches.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
