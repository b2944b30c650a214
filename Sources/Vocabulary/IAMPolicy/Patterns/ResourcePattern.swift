/// A resource of a policy.
enum ResourcePattern: Sendable, Hashable {
    case everything
    /// Fewer than six parts and no `*` at its end: no ARN is like that.
    case nothing
    /// Fewer than six parts, with a `*` at the end.
    case prefix([UInt8])
    /// Part by part; nothing that does not begin with the first so many bytes matches.
    case parts(ARNText, literalCount: Int)
    /// With variables in the sixth part.
    case variable(VariableText)

    init(_ text: VariableText) {
        guard let bytes = text.fixed else {
            self = .variable(text)
            return
        }
        self.init(bytes)
    }

    private init(_ bytes: [UInt8]) {
        let parts = ARNText(bytes)
        if bytes == [Glob.any] {
            self = .everything
        } else if parts.hasSixParts {
            self = .parts(parts, literalCount: bytes.firstIndex { $0 >= Glob.one } ?? bytes.count)
        } else {
            self = bytes.last == Glob.any ? .prefix(bytes) : .nothing
        }
    }

    func matches(_ request: AccessRequest) -> Bool {
        switch self {
        case .everything: true
        case .nothing: false
        case .prefix(let bytes): Glob.matches(bytes.span, request.resourceParts.bytes.span)
        case .parts(let pattern, let literalCount): Self.matches(pattern, literalCount, request.resourceParts)
        case .variable(let text):
            text.resolved(request).map { ResourcePattern($0).matches(request) } ?? false
        }
    }

    private static func matches(_ pattern: ARNText, _ literalCount: Int, _ resource: ARNText) -> Bool {
        let count = resource.bytes.count
        guard literalCount <= count else { return false }
        for position in 0..<literalCount where pattern.bytes[position] != resource.bytes[position] { return false }
        if literalCount == pattern.bytes.count { return literalCount == count }
        return resource.matches(pattern)
    }
}
