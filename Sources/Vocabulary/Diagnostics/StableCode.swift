/// A code that is written to logs, status and docs: never renamed, never reused.
///
/// The raw value is `target.kebab-words`. Every target declares its codes as one or more enums and explains each beside
/// its declaration; `gatewright explain` and `docs/diagnostics/` are made from these explanations alone.
package protocol StableCode: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
    var explanation: Explanation { get }
}

/// What `gatewright explain CODE` prints.
package struct Explanation: Sendable, Hashable {
    /// What happened, in a sentence or two.
    package let meaning: String
    /// The usual reasons.
    package let cause: String
    /// What to do.
    package let remedy: String
    /// A short input or message that shows the case; may be empty.
    package let example: String

    package init(meaning: String, cause: String, remedy: String, example: String = "") {
        self.meaning = meaning
        self.cause = cause
        self.remedy = remedy
        self.example = example
    }
}
