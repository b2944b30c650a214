/// An action of a policy: in lower case, wildcards as ``Glob`` has them.
struct ActionPattern: Sendable, Hashable {
    let bytes: [UInt8]
    /// What stands before the colon; nil for the bare `*`.
    let service: String?
    let isLiteral: Bool

    init(_ text: String) {
        let lower = text.lowercased()
        bytes = Glob.pattern(lower)
        service = lower.firstIndex(of: ":").map { String(lower[..<$0]) }
        isLiteral = !bytes.contains { $0 >= Glob.one }
    }

    func matches(_ request: AccessRequest) -> Bool {
        service == nil || Glob.matches(bytes.span, request.actionBytes.span)
    }
}
