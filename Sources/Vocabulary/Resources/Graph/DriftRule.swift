package import Diagnostics

/// One entry of `spec.drift.ignore`: drift that a team leaves alone until a day, and who answers for that.
package struct DriftRule: Sendable, Hashable {
    /// A kind, or `*`.
    package var kind: String
    /// The name of an address, `*` standing for any text.
    package var name: String
    /// Parts of JSON Pointers; `*` stands for any one member, and no part at all for the whole object.
    package var paths: [[String]]
    package var owner: String
    package var reason: String
    /// The last day on which the rule holds, in UTC.
    package var expires: CivilDate
    package var classes: Set<DriftClass>
    package var span: SourceSpan?

    package init(
        kind: String, name: String, paths: [[String]], owner: String, reason: String, expires: CivilDate,
        classes: Set<DriftClass> = [.cosmetic, .functional], span: SourceSpan? = nil
    ) {
        self.kind = kind
        self.name = name
        self.paths = paths
        self.owner = owner
        self.reason = reason
        self.expires = expires
        self.classes = classes
        self.span = span
    }

    /// `Stage/petstore *`: the address or addresses that are meant.
    package var target: String { "\(kind)/\(name)" }

    package func isExpired(on day: CivilDate) -> Bool { expires.daysSince1970 < day.daysSince1970 }
}

extension DriftRule {
    /// The parts of a JSON Pointer; nil for what is none.
    ///
    /// SOURCE: RFC 6901, sections 3 and 4.
    package static func parts(ofPointer text: String) -> [String]? {
        guard !text.isEmpty else { return [] }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var parts: [String] = []
        for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            var bytes: [UInt8] = []
            var rest = part[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "~") else {
                    bytes.append(byte)
                    continue
                }
                switch rest.popFirst() {
                case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
                default: return nil
                }
            }
            parts.append(String(decoding: bytes, as: UTF8.self))
        }
        return parts
    }

    /// The JSON Pointer of these parts.
    package static func pointer(_ parts: some Sequence<String>) -> String {
        parts.map { part in
            "/"
                + part.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
                .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
        }.joined()
    }
}
