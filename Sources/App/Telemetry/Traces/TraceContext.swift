package import Tracing

/// Who a span is, and whose child the next one becomes.
///
/// SOURCE: W3C Recommendation "Trace Context", level 1, section 3.2.
package struct TraceContext: Sendable, Hashable {
    /// 16 and 8 bytes as lower-case hex digits, not all zeros.
    package let traceID: String
    package let spanID: String
    package let isSampled: Bool

    package init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// A new span, sampled, below another or the first of a trace.
    package init(childOf parent: TraceContext?) {
        self.init(
            traceID: parent?.traceID ?? Self.randomID(bytes: 16), spanID: Self.randomID(bytes: 8), isSampled: true)
    }

    /// Reads a `traceparent`; nil for one that must be ignored.
    package init?(traceparent text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, Self.isHex(parts[0], 2), parts[0] != "ff", parts.count == 4 || parts[0] != "00",
            Self.isHex(parts[1], 32), Self.isHex(parts[2], 16), Self.isHex(parts[3], 2),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        self.init(traceID: parts[1], spanID: parts[2], isSampled: flags & 1 == 1)
    }

    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    private static func isHex(_ text: String, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (48...57).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }

    static func randomID(bytes: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        var digits = ""
        for _ in 0..<bytes / 8 {
            let part = String(UInt64.random(in: 1...UInt64.max, using: &generator), radix: 16)
            digits += String(repeating: "0", count: 16 - part.count) + part
        }
        return digits
    }
}

extension ServiceContext {
    private enum TraceContextKey: ServiceContextKey {
        typealias Value = TraceContext
    }

    /// The span that work belongs to.
    package var trace: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}
