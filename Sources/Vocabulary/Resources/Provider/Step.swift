package import JSON

/// Exactly one mutating call, which carries out one or more changes of a plan.
package struct Step: Sendable, Hashable {
    /// What the call does to one object. An object that takes several calls appears in several steps, each with the
    /// document as it is before and after that call.
    package struct Effect: Sendable, Hashable {
        package var address: Address
        /// Normal form with symbolic references; nil if the object is not there before the call.
        package var before: JSONValue?
        /// Normal form with symbolic references; nil if the object is gone after the call.
        package var after: JSONValue?

        package init(_ address: Address, before: JSONValue?, after: JSONValue?) {
            self.address = address
            self.before = before
            self.after = after
        }
    }

    /// Counted from 0 in the plan's order.
    package var number: Int
    /// The provider's name of the call: `PutRestApi`. Journaled, so never renamed.
    package var operation: String
    /// Not empty; each address once.
    package var effects: [Effect]
    /// Numbers of steps that must be done first; all are smaller than ``number``.
    package var dependencies: [Int]
    package var isReversible: Bool

    package init(number: Int, operation: String, effects: [Effect], dependencies: [Int], isReversible: Bool) {
        self.number = number
        self.operation = operation
        self.effects = effects
        self.dependencies = dependencies
        self.isReversible = isReversible
    }
}
