package import JSON
package import Resources

/// What a plan is approved by.
///
/// The digest is SHA-256 of the canonical form of `{format, environment, target, changes}`, each change being
/// `{action, address, before, after, visibility}` with the documents as SHA-256 of their canonical form or null,
/// and `origin` where an object is taken over. It has
/// no commit ids, times, physical ids, settings, reasons, findings or spans: two plans that do the same have it in common.
package enum PlanDigest {
    package static func of(environment: String, target: JSONValue, changes: [Change]) -> String {
        let lines = changes.map { change -> JSONValue in
            var line: JSONObject = [
                "action": .string(change.action.rawValue),
                "address": .string(change.address.description),
                "after": change.after.map { .string(CanonicalHash.of($0)) } ?? .null,
                "before": change.before.map { .string(CanonicalHash.of($0)) } ?? .null,
                "visibility": .string(change.visibility.rawValue),
            ]
            line["origin"] = change.origin.map(\.json)
            return .object(line)
        }
        return "sha256:"
            + CanonicalHash.of([
                "changes": .array(lines),
                "environment": .string(environment),
                "format": .string(PlanFile.format),
                "target": target,
            ])
    }
}
