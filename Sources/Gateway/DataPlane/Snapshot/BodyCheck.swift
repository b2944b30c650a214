import JSON
import RequestModels

/// The models that a request validator holds bodies against, by content type.
struct BodyCheck: Sendable {
    private var models: [(contentType: String, schema: ModelSchema)] = []

    /// Nil when the method names no model: then there is nothing to hold a body against.
    ///
    /// - Parameter models: Model name to schema text.
    init?(_ requestModels: JSONValue?, models: [String: String]) throws(CompileStop) {
        for member in requestModels?.object?.members ?? [] {
            let name = member.value.string ?? ""
            guard let text = models[name] else {
                throw CompileStop(.requestBody, "its model `\(name)` does not exist")
            }
            do {
                let schema = try ModelSchema(parsing: text, models: models)
                self.models.append((MediaTypes.essence(member.name), schema))
            } catch {
                throw CompileStop(.requestBody, "the model `\(name)` cannot be used: \(error.message)")
            }
        }
        guard !self.models.isEmpty else { return nil }
    }

    /// A content type without a model is not checked; no content type counts as application/json.
    func applies(to contentType: String?) -> Bool { schema(for: contentType) != nil }

    /// - Throws: ``GatewayError/invalidBody(_:)`` when the body, or its absence, does not fit.
    func check(_ body: [UInt8], contentType: String?) throws(GatewayError) {
        guard let schema = schema(for: contentType) else { return }
        switch schema.verdict(onBody: body, bytesMax: Limits.requestBodyBytesMax) {
        case .fits: return
        case .differs(let mismatches): throw .invalidBody(mismatches)
        case .undecided: throw .invalidBody(["it takes too long to tell whether the body fits"])
        }
    }

    private func schema(for contentType: String?) -> ModelSchema? {
        let essence = contentType.map(MediaTypes.essence) ?? "application/json"
        return models.first { $0.contentType == essence }?.schema
    }
}
