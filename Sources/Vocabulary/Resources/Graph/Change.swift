package import Diagnostics
package import JSON

/// One line of a plan: what happens to one object.
package struct Change: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        case create, update, replace, delete
        /// Takes over an object that exists.
        case adopt
        /// Drops an object from the recorded state only.
        case forget
    }

    /// What callers of the APIs can see of a change; plans run the classes in this order.
    package enum Visibility: String, Sendable, CaseIterable, Comparable {
        /// Invisible to callers: definitions, also deletes inside them, and new deployments.
        case hidden
        case grant
        /// What callers see from here on: a stage's deployment, a stage made or changed.
        case flip
        case revoke
        /// Of what lives outside a definition.
        case delete

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Where an object comes from that is taken over.
    package enum Origin: Sendable, Hashable {
        /// It is recorded under this address.
        case recorded(Address)
        /// It is on the target under this id, and nobody's of the environment.
        case target(String)
    }

    package var action: Action
    package var address: Address
    /// Of an `adopt`; nil for everything else.
    package var origin: Origin?
    /// Normal form with symbolic references; nil for a create.
    package var before: JSONValue?
    /// Normal form with symbolic references; nil for a delete.
    package var after: JSONValue?
    /// Addresses among the plan's changes that come first.
    package var dependencies: [Address]
    package var visibility: Visibility
    /// False for what no undo can bring back, such as the id of a deleted RestApi.
    package var isReversible: Bool
    /// Why, when it is not plain: what was drifted, which field forces a replacement.
    package var reason: String?
    package var span: SourceSpan?
    /// The files in which a function's code differs, where both are at hand; not part of the digest.
    package var code: CodeDifference?

    package init(
        _ action: Action, _ address: Address, before: JSONValue?, after: JSONValue?, dependencies: [Address] = [],
        visibility: Visibility, isReversible: Bool = true, reason: String? = nil, span: SourceSpan? = nil
    ) {
        self.action = action
        self.address = address
        self.before = before
        self.after = after
        self.dependencies = dependencies
        self.visibility = visibility
        self.isReversible = isReversible
        self.reason = reason
        self.span = span
    }
}
