/// A pattern of the form first, rest, last over ASCII characters: all that names need, checked without a regex engine.
package struct TextPattern: Sendable, Hashable {
    /// A regular expression (ECMA 262) that says the same, anchored at both ends: for pages and JSON Schema.
    package let expression: String
    private let first: CharacterSet
    private let rest: CharacterSet
    private let last: CharacterSet
    private let length: ClosedRange<Int>

    /// - Parameters:
    ///   - first: What may come first; `rest` if nil.
    ///   - rest: Characters as in a regular expression's brackets: `a-z0-9_`; a hyphen of its own comes last.
    ///   - last: What may come last; `rest` if nil.
    ///   - length: In characters.
    init(first: String? = nil, _ rest: String, last: String? = nil, length: ClosedRange<Int>) {
        self.first = CharacterSet(first ?? rest)
        self.rest = CharacterSet(rest)
        self.last = CharacterSet(last ?? rest)
        self.length = length
        expression = Self.expression(first: first, rest: rest, last: last, length: length)
    }

    package func matches(_ text: String) -> Bool {
        let bytes = text.utf8
        guard length.contains(bytes.count) else { return false }
        var position = 0
        for byte in bytes {
            let set = position == 0 ? first : position == bytes.count - 1 ? last : rest
            guard set.contains(byte) else { return false }
            position += 1
        }
        return true
    }

    private static func expression(
        first: String?, rest: String, last: String?, length: ClosedRange<Int>
    ) -> String {
        func escaped(_ set: String) -> String {
            set.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "\\/")
        }
        func times(_ low: Int, _ high: Int) -> String { low == high ? "{\(low)}" : "{\(low),\(high)}" }
        let rest = escaped(rest)
        switch (first.map(escaped), last.map(escaped)) {
        case (nil, nil): return "^[\(rest)]\(times(length.lowerBound, length.upperBound))$"
        case (let first?, nil):
            return "^[\(first)][\(rest)]\(times(length.lowerBound - 1, length.upperBound - 1))$"
        case (let first, let last?):
            let tail = "[\(rest)]\(times(max(0, length.lowerBound - 2), length.upperBound - 2))[\(last)]"
            return "^[\(first ?? rest)](\(tail))\(length.lowerBound < 2 ? "?" : "")$"
        }
    }
}

/// A set of ASCII characters.
private struct CharacterSet: Sendable, Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// - Parameter brackets: `a-z0-9_-`, without escapes.
    init(_ brackets: String) {
        let bytes = Array(brackets.utf8)
        var position = 0
        while position < bytes.count {
            let isRange = position + 2 < bytes.count && bytes[position + 1] == UInt8(ascii: "-")
            let upper = isRange ? bytes[position + 2] : bytes[position]
            precondition(bytes[position] <= upper && upper < 128, "a character set holds ASCII ranges")
            for byte in bytes[position]...upper { insert(byte) }
            position += isRange ? 3 : 1
        }
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
    }

    func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case ..<64: low >> UInt64(byte) & 1 == 1
        case ..<128: high >> UInt64(byte - 64) & 1 == 1
        default: false
        }
    }
}

extension TextPattern {
    /// `metadata.name` of every kind.
    package static let manifestName = Self(first: "a-z0-9", "a-z0-9-", last: "a-z0-9", length: 1...63)
    /// What follows `${var.`.
    package static let variableName = Self(first: "A-Za-z_", "A-Za-z0-9_", length: 1...64)
    /// SOURCE: IAM API reference, `userNameType`, `groupNameType`, ...; `\w` is ASCII.
    static let principalName = Self("A-Za-z0-9_+=,.@-", length: 1...64)
    static let iamName = Self("A-Za-z0-9_+=,.@-", length: 1...128)
    static let samlName = Self("A-Za-z0-9._-", length: 1...128)
    static let iamPath = Self(first: "/", "!-~", last: "/", length: 1...512)
    static let policyPath = Self(first: "/", "A-Za-z0-9.,+@=_/-", last: "/", length: 1...512)
    static let thumbprint = Self("0-9a-fA-F", length: 40...40)
    /// SOURCE: API Gateway API reference, CreateDomainName; capitals are the same name to DNS.
    static let hostName = Self(first: "a-z0-9*", "a-z0-9.-", last: "a-z0-9", length: 3...253)
    /// SOURCE: API Gateway API reference, CreateBasePathMapping; parentheses for `(none)`.
    static let basePath = Self("A-Za-z0-9$_.+!*'()-", length: 1...300)
    /// `/pets/GET`
    static let planRoute = Self(first: "/", "!-~", last: "A-Z", length: 2...1024)
    static let stageName = Self("A-Za-z0-9_-", length: 1...128)
    static let stageVariableName = Self("A-Za-z0-9_", length: 1...64)
    /// SOURCE: API Gateway API reference, CreateStage, `variables`.
    static let stageVariableValue = Self("A-Za-z0-9._~:/?#&=,-", length: 1...2048)
    static let statusCode = Self(first: "1-5", "0-9", length: 3...3)
    /// `200` or `2xx`.
    static let statusRange = Self(first: "1-5", "0-9x", length: 3...3)
    /// SOURCE: Lambda API reference, CreateFunction and AddPermission.
    static let functionName = Self("A-Za-z0-9_-", length: 1...64)
    static let handler = Self("!-~", length: 1...128)
    static let environmentName = Self(first: "A-Za-z", "A-Za-z0-9_", length: 2...256)
    static let aliasName = Self("A-Za-z0-9_-", length: 1...128)
    static let versionNumber = Self(first: "1-9", "0-9", length: 1...18)
    static let statementID = Self("A-Za-z0-9_-", length: 1...100)
    static let accountID = Self("0-9", length: 12...12)
    static let region = Self(first: "a-z", "a-z0-9-", last: "0-9", length: 6...32)
}
