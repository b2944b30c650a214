/// Where a service answers, of a URL without a path.
package struct ServiceEndpoint: Sendable, Hashable {
    /// `http` or `https`
    package var scheme: String
    /// Host and port.
    package var authority: String

    package init(scheme: String, authority: String) {
        self.scheme = scheme
        self.authority = authority
    }

    /// - Parameter url: `https://HOST[:PORT]`, a slash at its end allowed; nil for anything else.
    package init?(_ url: String) {
        for scheme in ["http", "https"] where url.hasPrefix("\(scheme)://") {
            var rest = url.dropFirst(scheme.utf8.count + 3)
            if rest.hasSuffix("/") { rest = rest.dropLast() }
            let isPlain = rest.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"/?#@\\\"<>".utf8.contains(byte)
            }
            guard !rest.isEmpty, isPlain else { return nil }
            self.init(scheme: scheme, authority: String(rest))
            return
        }
        return nil
    }

    /// Without the port, brackets of an IPv6 address taken off.
    var host: String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }
}
