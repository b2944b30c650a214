/// The uri of an HTTP integration, taken apart: stage variables are filled in, path parameters are still open.
struct EndpointTemplate: Sendable {
    enum Piece: Equatable, Sendable {
        case text(String)
        case parameter(String)
    }

    let pieces: [Piece]
    /// Known beforehand when no parameter stands in the authority.
    let origin: EndpointOrigin?

    /// As the scheme and `tlsConfig` say.
    let security: EndpointOrigin.Security

    /// - Parameter verifies: False takes any certificate of an https endpoint.
    /// - Throws: When no request could make an address of it that the engine may call.
    init(
        parsing uri: String, stageVariables: [String: String], verifies: Bool = true
    ) throws(CompileStop) {
        let filled = Self.fill(uri, stageVariables)
        pieces = Self.pieces(filled)
        guard case .text(let head)? = pieces.first else {
            throw CompileStop(.endpoint, "the endpoint `\(uri)` is no http address")
        }
        let lowercased = head.lowercased()
        if lowercased.hasPrefix("https://") {
            security = verifies ? .verified : .unverified
        } else if lowercased.hasPrefix("http://") {
            security = .none
        } else {
            throw CompileStop(.endpoint, "the endpoint `\(uri)` is no http or https address")
        }
        let authority = head.dropFirst(security.prefix.count).prefix { $0 != "/" && $0 != "?" }
        let isWhole = authority.utf8.count + security.prefix.utf8.count < head.utf8.count || pieces.count == 1
        if isWhole {
            guard let origin = EndpointOrigin(authority: String(authority), security: security) else {
                throw CompileStop(.endpoint, "the endpoint `\(uri)` has no valid host, perhaps for an unset variable")
            }
            self.origin = origin
        } else {
            origin = nil
        }
    }

    /// Replaces `${stageVariables.name}`; what is not set becomes empty.
    static func fill(_ text: String, _ stageVariables: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        let opening = "${stageVariables."
        while let start = rest.firstRange(of: opening), let end = rest[start.upperBound...].firstIndex(of: "}") {
            result += rest[..<start.lowerBound]
            result += stageVariables[String(rest[start.upperBound..<end])] ?? ""
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func pieces(_ uri: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = uri[...]
        while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
            if start > rest.startIndex { pieces.append(.text(String(rest[..<start]))) }
            let name = rest[rest.index(after: start)..<end]
            pieces.append(.parameter(String(name.hasSuffix("+") ? name.dropLast() : name)))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }
}

/// What a connection is made to.
struct EndpointPlace: Hashable, Sendable {
    /// A name or an address, without brackets.
    var host: String
    var port: Int
}

/// Host and port of an endpoint, and how it is spoken to: connections are shared by those that have all of it in common.
package struct EndpointOrigin: Hashable, Sendable {
    package enum Security: Hashable, Sendable {
        case none
        /// TLS; the certificate must be good for the host.
        case verified
        /// TLS with any certificate: `tlsConfig.insecureSkipVerification`.
        case unverified

        /// The scheme as an address has it.
        var prefix: String { self == .none ? "http://" : "https://" }
    }

    /// A name or an address, without brackets.
    package var host: String
    package var port: Int
    /// As the Host header has it.
    package var authority: String
    package var security: Security
    /// Shown to an https endpoint that asks who calls; nil shows none.
    package var identity: ClientIdentity?
    /// Where the connection goes; nil: to the host and port themselves.
    private var target: EndpointPlace?

    /// Where the connection goes.
    var place: EndpointPlace { target ?? EndpointPlace(host: host, port: port) }

    /// The same endpoint behind a target of a private link. Without TLS nothing of the endpoint's own address matters to
    /// the connection, so all endpoints share those of the target.
    func over(_ target: EndpointOrigin) -> EndpointOrigin {
        guard security != .none else { return target }
        var origin = self
        origin.target = target.place
        return origin
    }

    /// `host`, `host:port`, `[v6]:port`; nil when it is none of them.
    init?(authority: String, security: Security = .none) {
        let bytes = Array(authority.utf8)
        var hostEnd = bytes.count
        var hostStart = 0
        if bytes.first == UInt8(ascii: "[") {
            guard let closing = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            (hostStart, hostEnd) = (1, closing)
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            hostEnd = colon
        }
        let name = bytes[hostStart..<hostEnd]
        let isIPv6 = hostStart == 1
        guard !name.isEmpty, name.allSatisfy({ Self.isHost($0) || (isIPv6 && $0 == UInt8(ascii: ":")) }) else {
            return nil
        }
        let rest = bytes[(isIPv6 ? hostEnd + 1 : hostEnd)...]
        var port = security == .none ? 80 : 443
        if let colon = rest.first {
            let digits = String(decoding: rest.dropFirst(), as: UTF8.self)
            guard colon == UInt8(ascii: ":"), let number = Int(digits), (1...65535).contains(number),
                digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
            else { return nil }
            port = number
        }
        host = String(decoding: name.map(lowercasedASCII), as: UTF8.self)
        self.port = port
        self.authority = authority
        self.security = security
    }

    private static func isHost(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}
