import Diagnostics
package import JSON

/// How a plan reaches a target. A provider keeps no journal and decides nothing: it derives calls, makes them, and reads.
package protocol ResourceProvider: Sendable {
    /// Derives the calls that carry out `changes`; pure, and the same for the same input.
    ///
    /// - Parameter changes: In the plan's order. Dependencies of a change that are not among them exist already. An object
    ///   that is widened and narrowed has two changes, which are never carried out by one step. A `replace` that can be
    ///   undone makes the new object beside the old one, and the delete of the old one under its displaced address comes
    ///   in the same plan: the step that makes the new one has both addresses among its effects, and its result names the
    ///   new identity for the address and the old one for the displaced address. Any other `replace` deletes first.
    /// - Returns: Steps in the order in which one worker could run them; all irreversible ones after all others.
    func steps(for changes: [Change]) throws(ProviderFailure) -> [Step]

    /// Reads objects as they are now.
    ///
    /// - Returns: Only what exists, in normal form with physical values; objects inside a listed manifest's definition
    ///   that nobody listed are included when the provider had to read them anyway (see ``Observation/roots``).
    func observe(_ observation: Observation) async throws(ProviderFailure) -> [Address: ObservedObject]

    /// Reads everything that the environment has on the target, and what stands beside it: for drift.
    ///
    /// - Returns: At least what ``observe(_:)`` answers to the same observation.
    func survey(_ observation: Observation) async throws(ProviderFailure) -> TargetSurvey

    /// Makes the call of one step.
    ///
    /// - Throws: With ``ProviderFailure/effect`` saying whether the call may have taken effect.
    func perform(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult

    /// Takes the effects of one step back: the target has `before` of each effect again.
    ///
    /// Called for a step that took effect; doing it twice is harmless.
    func undo(_ step: Step, _ context: StepContext) async throws(ProviderFailure) -> StepResult

    /// What carrying out `changes` is expected to take; pure, and nil where nothing is known.
    ///
    /// - Parameter target: `spec.target` of the environment.
    /// - Throws: As ``steps(for:)``.
    func estimate(for changes: [Change], target: JSONValue) throws(ProviderFailure) -> Estimate?

    /// How long a call that nobody waits for any more may still take effect: one whose process ended, or that was cut off
    /// at its deadline. What such a call did is looked at only afterwards. Zero where a call ends with its caller.
    var settleTime: Duration { get }

    /// How long after the call of a step what it granted may still be refused somewhere. Zero where it holds at once; pure.
    func propagationTime(of step: Step) -> Duration

    /// Who asks the stages of this target whether they serve; nil where nobody can, and then nothing is probed.
    var prober: (any StageProber)? { get }

    /// Who reads the secrets that documents refer to; nil where none can be read.
    var secrets: (any SecretSource)? { get }

    /// Who keeps the code of functions; nil where none can be kept.
    var code: (any CodeShelf)? { get }

    /// Housekeeping after a successful apply: removes what nothing refers to any more and no plan ever shows, such as
    /// deployments that no stage serves. Harmless to leave out, to repeat, and to cut off.
    ///
    /// - Parameter identities: Of the manifests' own objects that were applied.
    /// - Returns: How many objects were removed.
    func tidy(_ identities: [Address: Identity]) async throws(ProviderFailure) -> Int

    /// Finds every API on the target that carries an ownership marker, of any environment.
    func owned() async throws(ProviderFailure) -> [OwnedObject]

    /// The same of these kinds only, so that nothing else need be asked.
    func owned(of kinds: Set<ResourceKind>) async throws(ProviderFailure) -> [OwnedObject]

    /// Reads every object of these kinds, also those that nobody declared: `RestApi` itself and objects of their own.
    ///
    /// - Throws: `provider.unsupported` where a target cannot say.
    func inventory(of kinds: Set<ResourceKind>) async throws(ProviderFailure) -> TargetInventory

    /// Reads who may do what in the target's account, in few calls.
    ///
    /// - Throws: `provider.unsupported` where a target cannot say.
    func accountPolicies() async throws(ProviderFailure) -> AccountPolicies

    /// Writes the ownership markers of objects that are there, in place of those before. Housekeeping as ``tidy(_:)``.
    ///
    /// - Parameter commit: What the environment is at; 40 or 64 hex digits.
    func mark(_ identities: [Address: Identity], commit: String) async throws(ProviderFailure)
}

extension ResourceProvider {
    package func estimate(for changes: [Change], target: JSONValue) throws(ProviderFailure) -> Estimate? { nil }
    package var settleTime: Duration { .zero }
    package func propagationTime(of step: Step) -> Duration { .zero }
    package var prober: (any StageProber)? { nil }
    package var secrets: (any SecretSource)? { nil }
    package var code: (any CodeShelf)? { nil }

    package func survey(_ observation: Observation) async throws(ProviderFailure) -> TargetSurvey {
        TargetSurvey(objects: try await observe(observation))
    }

    package func tidy(_ identities: [Address: Identity]) async throws(ProviderFailure) -> Int { 0 }
    package func owned() async throws(ProviderFailure) -> [OwnedObject] { [] }
    package func owned(of kinds: Set<ResourceKind>) async throws(ProviderFailure) -> [OwnedObject] { try await owned() }
    package func mark(_ identities: [Address: Identity], commit: String) async throws(ProviderFailure) {}

    package func inventory(of kinds: Set<ResourceKind>) async throws(ProviderFailure) -> TargetInventory {
        throw ProviderFailure(.unsupported, "this target does not list what it has", effect: .none)
    }

    package func accountPolicies() async throws(ProviderFailure) -> AccountPolicies {
        throw ProviderFailure(.unsupported, "this target does not say who may do what", effect: .none)
    }
}

/// What to read.
package struct Observation: Sendable {
    package var addresses: [Address]
    /// What the addresses are called on the target, as far as it is known; those without an identity are looked up by
    /// natural key, by ownership marker, or by token.
    package var identities: [Address: Identity]
    /// Creation tokens of objects whose create may have been lost.
    package var tokens: [Address: String]
    /// Manifest names whose whole content is wanted, so that undeclared objects inside show as well.
    package var roots: Set<String>

    package init(
        addresses: [Address], identities: [Address: Identity] = [:], tokens: [Address: String] = [:],
        roots: Set<String> = []
    ) {
        self.addresses = addresses
        self.identities = identities
        self.tokens = tokens
        self.roots = roots
    }
}

/// One object as the target has it.
package struct ObservedObject: Sendable, Hashable {
    package var identity: Identity
    /// Normal form; where desired documents have references, the physical values.
    package var document: JSONValue

    package init(identity: Identity, document: JSONValue) {
        self.identity = identity
        self.document = document
    }
}

/// What a call needs beside its step.
package struct StepContext: Sendable {
    /// The environment's name, for ownership markers.
    package var environment: String
    /// Unique to the apply and the step; goes on every create as client token, name, tag or description, so that a lost
    /// create can be found. Lower-case hex digits.
    package var token: String
    /// Identities of everything that the step touches or refers to.
    package var identities: [Address: Identity]
    /// The commit that is applied, for ownership markers; 40 or 64 hex digits.
    package var commit: String

    package init(environment: String, token: String, identities: [Address: Identity], commit: String) {
        self.environment = environment
        self.token = token
        self.identities = identities
        self.commit = commit
    }
}

/// What a call did to identities.
package struct StepResult: Sendable, Hashable {
    /// New or changed identities; nil for objects that are gone.
    package var identities: [Address: Identity?]

    package init(identities: [Address: Identity?] = [:]) { self.identities = identities }
}
