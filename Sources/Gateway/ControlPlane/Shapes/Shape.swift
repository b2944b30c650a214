/// What a member of a request may be, as the service's model says it.
indirect enum Shape: Sendable {
    case string, boolean, integer, double
    case list(Shape)
    case map(Shape)
    case structure([Member])
    /// Values in the order in which the service prints them.
    case enumeration([String])
    /// The pattern as printed; ``PrintedPattern`` decides.
    case pattern(PrintedPattern)

    struct Member: Sendable {
        var name: String
        var shape: Shape
        var isRequired = false
    }

    enum PrintedPattern: String, Sendable {
        case statusCode = #"[1-5]\d\d"#
        case documentedStatusCode = #"^([1-5]\d\d|\*|\s*)$"#

        func matches(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            let isCode =
                bytes.count == 3 && (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(bytes[0])
                && bytes[1...].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            switch self {
            case .statusCode: return isCode
            case .documentedStatusCode:
                return isCode || text == "*" || bytes.allSatisfy { $0 == 32 || (9...13).contains($0) }
            }
        }
    }
}

extension Shape.Member {
    static func optional(_ name: String, _ shape: Shape = .string) -> Self { Self(name: name, shape: shape) }
    static func required(_ name: String, _ shape: Shape = .string) -> Self {
        Self(name: name, shape: shape, isRequired: true)
    }
}

extension [Shape.Member] {
    /// What every update takes.
    static let patch: Self = [
        .optional(
            "patchOperations",
            .list(
                .structure([
                    .optional("op", .enumeration(["add", "remove", "move", "test", "replace", "copy"])),
                    .optional("path"), .optional("value"), .optional("from"),
                ])))
    ]
}
