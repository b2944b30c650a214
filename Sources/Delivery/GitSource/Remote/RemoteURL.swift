/// Where a repository is on another machine: `https://`, `http://`, `ssh://`, `git://`, `file://`, or `user@host:path`.
package struct RemoteURL: Sendable, Hashable {
    package enum Scheme: String, Sendable { case https, http, ssh, git, file }

    package let scheme: Scheme
    let user: String?
    let password: String?
    /// In lower case, without brackets; empty for `file`.
    package let host: String
    let port: Int?
    /// What libgit2 is given: without a password, and without a user where one is not part of the address.
    let address: String
    /// For messages and logs: never a password.
    package let description: String
    /// The last part of the path, for the name of a folder.
    let name: String
}

extension RemoteURL {
    /// True if the text is an address rather than a path of this machine.
    package static func isRemote(_ text: String) -> Bool {
        if let scheme = text.utf8.firstRange(of: "://".utf8) { return text[..<scheme.lowerBound] != "file" }
        guard let colon = text.firstIndex(of: ":") else { return false }
        return !text[..<colon].contains("/")
    }

    /// - Throws: `git.unsupported-location`.
    package init(_ text: String) throws(GitFailure) {
        let shown = Self.withoutPassword(text)
        func refuse(_ why: String) -> GitFailure { GitFailure(.unsupportedLocation, "`\(shown)` \(why)") }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw refuse("has a blank or a control character")
        }
        guard let mark = text.utf8.firstRange(of: "://".utf8) else {
            try self.init(shorthand: text, refuse)
            return
        }
        var name = text[..<mark.lowerBound].lowercased()
        if name == "git+ssh" || name == "ssh+git" { name = "ssh" }
        guard let scheme = Scheme(rawValue: name) else {
            throw refuse("is no address that is known: write `https://`, `ssh://`, `git://` or `user@host:path`")
        }
        let rest = text[mark.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let path = rest[slash...]
        let authority = Authority(rest[..<slash])
        guard let authority, authority.isPlain else { throw refuse("has a user or password that cannot be read") }
        guard scheme == .file ? ["", "localhost"].contains(authority.host) : !authority.host.isEmpty, path.count > 1
        else { throw refuse("has no host or no path") }
        guard let port = authority.port else { throw refuse("has no port from 1 to 65535 behind its colon") }
        let isIPv6 = authority.host.contains(":")
        let place =
            (isIPv6 ? "[\(authority.host)]" : authority.host) + (port == 0 ? "" : ":\(port)") + path
        let login = scheme == .ssh ? authority.writtenUser.map { $0 + "@" } ?? "" : ""
        let address = scheme == .file ? try Location(text).path : "\(scheme.rawValue)://\(login)\(place)"
        self.init(
            scheme: scheme, user: authority.user, password: authority.password,
            host: scheme == .file ? "" : authority.host, port: port == 0 ? nil : port, address: address,
            description: scheme == .file ? text : address, name: Self.lastPart(path))
    }

    private init(shorthand text: String, _ refuse: (String) -> GitFailure) throws(GitFailure) {
        guard Self.isRemote(text) else {
            self.init(path: text)
            return
        }
        let at = text.prefix { $0 != ":" }.lastIndex(of: "@")
        let rest = at.map { text[text.index(after: $0)...] } ?? text[...]
        let isBracketed = rest.hasPrefix("[")
        let end = isBracketed ? rest.firstIndex(of: "]").map { rest.index(after: $0) } : rest.firstIndex(of: ":")
        guard let end, end < rest.endIndex, rest[end] == ":" else { throw refuse("has no `:` behind its host") }
        let host = rest[..<end].filter { $0 != "[" && $0 != "]" }
        let path = rest[rest.index(after: end)...]
        guard !host.isEmpty, !path.isEmpty else { throw refuse("has no host or no path") }
        self.init(
            scheme: .ssh, user: at.map { String(text[..<$0]) }, password: nil, host: host.lowercased(), port: nil,
            address: text, description: text, name: Self.lastPart(path))
    }

    private init(path: String) {
        self.init(
            scheme: .file, user: nil, password: nil, host: "", port: nil, address: path, description: path,
            name: Self.lastPart(path[...]))
    }

    /// With the port where it is not the usual one.
    var hostAndPort: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    /// As known_hosts writes it.
    var knownHostName: String { port.map { $0 == 22 ? host : "[\(host)]:\($0)" } ?? host }

    /// True for a URL of the same scheme, host and port, which may have the same credentials.
    func isSameOrigin(as other: String) -> Bool {
        do {
            let other = try RemoteURL(other)
            return scheme == other.scheme && host == other.host && port == other.port
        } catch {
            return false
        }
    }

    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private static func lastPart(_ path: Substring) -> String {
        let last = path.split(separator: "/").last ?? "repository"
        let name = last.hasSuffix(".git") ? last.dropLast(4) : last
        let kept = name.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }
        return kept.isEmpty ? "repository" : String(kept)
    }

    static func withoutPassword(_ url: String) -> String {
        guard let scheme = url.utf8.firstRange(of: "://".utf8) else { return url }
        let rest = url[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" }
        guard let at = host.lastIndex(of: "@") else { return url }
        return url[..<scheme.upperBound] + "•••@" + rest[rest.index(after: at)...]
    }
}

/// `user:password@host:port`.
private struct Authority {
    var user: String?
    var password: String?
    /// As it stands in the URL.
    var writtenUser: String?
    var host: String
    /// 0 where none is written; nil where it is none.
    var port: Int?

    /// Nil where a percent sign is not followed by two digits.
    init?(_ text: Substring) {
        let at = text.lastIndex(of: "@")
        if let at {
            let parts = text[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let user = Location.decoded(parts[0]) else { return nil }
            self.user = user.isEmpty ? nil : user
            writtenUser = user.isEmpty ? nil : String(parts[0])
            if parts.count > 1 {
                guard let password = Location.decoded(parts[1]) else { return nil }
                self.password = password
            }
        }
        var place = at.map { text[text.index(after: $0)...] } ?? text
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            host = place[place.index(after: place.startIndex)..<end].lowercased()
            place = place[place.index(after: end)...]
        } else {
            let end = place.firstIndex(of: ":") ?? place.endIndex
            host = place[..<end].lowercased()
            place = place[end...]
        }
        guard place.hasPrefix(":") else {
            port = place.isEmpty ? 0 : nil
            return
        }
        port = Int(place.dropFirst()).flatMap { (1...65_535).contains($0) ? $0 : nil }
    }

    /// No line break may get into what is said to other programs.
    var isPlain: Bool {
        ![user, password].contains { $0?.utf8.contains { $0 < 0x20 || $0 == 0x7F } ?? false }
    }
}
