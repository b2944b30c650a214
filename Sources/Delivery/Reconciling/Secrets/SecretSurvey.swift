import Diagnostics
import JSON
import Planning
import Resources

/// What is known of the secrets of a graph when it is planned.
struct SecretSurvey {
    private(set) var rotations: [SecretRotation] = []
    /// About secrets that cannot be read here.
    private(set) var findings: [Diagnostic] = []

    /// - Parameter identities: Of what is recorded, or was just read.
    init(_ graph: DesiredGraph, _ identities: [Address: Identity], through source: (any SecretSource)?) {
        for resource in graph.resources {
            guard let schema = KindTable.object(resource.address.kind), schema.hasSecrets else { continue }
            for (field, place) in schema.secrets(of: resource.document) {
                do throws(ProviderFailure) {
                    let fingerprint = try Self.fingerprint(place, source)
                    // Without a known one the object is new, or somebody else made it.
                    guard let known = identities[resource.address]?.fingerprint(of: field) else { continue }
                    if fingerprint != known { rotations.append(SecretRotation(resource.address, field: field)) }
                } catch {
                    findings.append(Self.finding(error, field, resource))
                }
            }
        }
    }

    private static func fingerprint(
        _ place: SecretPlace, _ source: (any SecretSource)?
    ) throws(ProviderFailure) -> String {
        guard let source else {
            throw ProviderFailure(
                .secretMissing, "the secret `\(place)` cannot be read: nothing here reads secrets", effect: .none)
        }
        return try source.fingerprint(of: source.read(place).revealed)
    }

    private static func finding(_ failure: ProviderFailure, _ field: String, _ resource: DesiredResource) -> Diagnostic
    {
        let cause = (failure.cause as? any Failure).map { ": \($0.message)" } ?? ""
        return Diagnostic(
            .warning, PlanFinding.secretUnread,
            "`\(field)` of `\(resource.address)`: \(failure.message)\(cause)", at: resource.span,
            remedy: "plan and apply where the controller's secrets are")
    }
}

extension Plan {
    /// The first object that the plan makes or changes with a secret that cannot be read.
    ///
    /// - Throws: `provider.secret-missing`.
    func checkSecrets(_ source: (any SecretSource)?) throws(ProviderFailure) {
        for change in changes {
            guard let schema = KindTable.object(change.address.kind), schema.hasSecrets, let after = change.after else {
                continue
            }
            for (field, place) in schema.secretsSent(change.action, after) {
                guard let source else {
                    throw ProviderFailure(
                        .secretMissing,
                        "`\(field)` of `\(change.address)` needs `\(place)`, and nothing here reads secrets",
                        effect: .none)
                }
                _ = try source.read(place)
            }
        }
    }
}
