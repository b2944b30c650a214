/// A repository's location as the user gives it: a folder, or `file://` and a folder.
package struct Location: Sendable {
    /// The folder, without `file://`.
    package let path: String

    /// - Throws: `git.unsupported-location` for what is on another machine.
    package init(_ text: String) throws(GitFailure) {
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw GitFailure(.unsupportedLocation, "the location of the repository is empty or has a zero byte")
        }
        guard let scheme = text.utf8.firstRange(of: "://".utf8) else {
            path = text
            return
        }
        let rest = text[scheme.upperBound...]
        guard text[..<scheme.lowerBound].lowercased() == "file" else {
            throw GitFailure(
                .unsupportedLocation,
                "`\(RemoteURL.withoutPassword(text))` is not a folder of this machine: give it by `--repo`")
        }
        guard let slash = rest.firstIndex(of: "/"), ["", "localhost"].contains(rest[..<slash]) else {
            throw GitFailure(.unsupportedLocation, "`\(text)` names another machine: write `file:///folder`")
        }
        guard let decoded = Self.decoded(rest[slash...]) else {
            throw GitFailure(.unsupportedLocation, "`\(text)` has a `%` that is not followed by two hexadecimal digits")
        }
        path = decoded
    }

    /// `user@host:folder`, which is a URL without looking like one.
    var isRemoteShorthand: Bool {
        guard let colon = path.firstIndex(of: ":") else { return false }
        return !path[..<colon].contains("/")
    }

    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(rest.prefix(2)) ?? ""
            guard digits.utf8.count == 2, digits.first?.isHexDigit == true, let value = UInt8(digits, radix: 16),
                value != 0
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension Substring.UTF8View {
    fileprivate mutating func popFirst() -> UInt8? {
        guard let byte = first else { return nil }
        self = dropFirst()
        return byte
    }
}
