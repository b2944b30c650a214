/// A repository's location as the user gives it: a folder, or `file://` and a folder.
struct Location {
    let path: String

    init(_ text: String) throws(GitFailure) {
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
                "`\(Self.withoutPassword(text))` is not a folder of this machine: clone it and give the clone's folder")
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

    private static func withoutPassword(_ url: String) -> String {
        guard let scheme = url.utf8.firstRange(of: "://".utf8) else { return url }
        let rest = url[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" }
        guard let at = host.lastIndex(of: "@") else { return url }
        return url[..<scheme.upperBound] + "•••@" + rest[rest.index(after: at)...]
    }

    private static func decoded(_ text: Substring) -> String? {
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
