/// A key of a stage's `methodSettings`, as the service writes it: `*/*`, `pets/GET`, `pets~1{petId}/GET`, `~1/GET` for
/// the root: no leading slash, `/` inside the path as `~1`.
package struct MethodSettingKey: Sendable, Hashable {
    /// `/pets/{petId}`; nil for all methods.
    package let path: String?
    /// `GET`, `ANY`; `*` for all methods.
    package let method: String

    /// For all methods: `*/*`.
    package static let all = Self(path: nil, method: "*")

    package init(path: String?, method: String) {
        self.path = path
        self.method = method
    }

    /// Reads a key, also with a leading slash or with `/` inside the path as people write it: `/pets/{petId}/GET`.
    package init?(text: String) {
        if text == "*/*" || text == "/*/*" {
            self = .all
            return
        }
        guard let slash = text.lastIndex(of: "/") else { return nil }
        let method = text[text.index(after: slash)...]
        guard !method.isEmpty, method.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
            return nil
        }
        var path = "/"
        var rest = text[..<slash]
        while let mark = rest.firstRange(of: "~1") {
            path += rest[..<mark.lowerBound] + "/"
            rest = rest[mark.upperBound...]
        }
        path += rest
        // A slash that the key has in front, or one that stands for the root, is the path's own.
        while path.hasPrefix("//") { path.removeFirst() }
        self.init(path: path, method: String(method))
    }
}

extension MethodSettingKey: CustomStringConvertible {
    package var description: String {
        guard let path else { return "*/*" }
        guard path != "/" else { return "~1/\(method)" }
        return path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
            + "/\(method)"
    }
}
