/// What a member of a request may be, as the service's model says it.
indirect enum Shape: Sendable {
    case string, boolean, integer, double
    case list(Shape)
    /// A text of so many characters, and of these.
    case text(Text)
    /// A whole number between two others, both included.
    case number(ClosedRange<Int>)
    /// A list of at most so many elements.
    case shortList(Shape, max: Int)
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

    struct Text: Sendable {
        /// Characters.
        var min = 0
        var max = Int.max
        var pattern: PrintedPattern?
        /// Messages do not repeat it.
        var isSecret = false
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
