import JSON
import Resources

// Stands in until the schema tables answer these.
extension ResourceKind {

    /// True for what a deployment freezes.
    var needsRedeploy: Bool { (isPartOfDefinition && self != .documentationPart) || self == .restAPI }

    /// What of a document a deployment freezes.
    func frozenPart(of document: JSONValue) -> JSONValue {
        guard self == .restAPI, case .object(let object) = document else { return document }
        let frozen = [
            "apiKeySource", "binaryMediaTypes", "disableExecuteApiEndpoint", "minimumCompressionSize", "policy",
        ]
        return .object(JSONObject(frozen.compactMap { name in object[name].map { (name, $0) } }))
    }

    /// The first field of the kind that differs and that the service cannot change in place.
    func immutableField(changedFrom before: JSONValue, to after: JSONValue) -> String? { nil }
}
