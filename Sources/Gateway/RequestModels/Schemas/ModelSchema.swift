/// A model compiled: a JSON Schema of draft 4, with the models that it refers to.
///
/// SOURCE: JSON Schema Core and Validation, draft 4 (draft-zyp-json-schema-04, draft-fge-json-schema-validation-00).
package struct ModelSchema: Sendable {
    /// The checks of each schema; the first is the model itself.
    let schemas: [[SchemaCheck]]

    /// - Parameters:
    ///   - text: The schema as JSON text.
    ///   - models: Model name to schema text, for `$ref`.
    ///   - ignoresUnknownModels: True where a model may still come: what refers to it is then not checked.
    /// - Throws: Every ``ModelFailure/Code``.
    package init(
        parsing text: String, models: [String: String] = [:], ignoresUnknownModels: Bool = false
    ) throws(ModelFailure) {
        var compiler = SchemaCompiler(models: models, ignoresUnknownModels: ignoresUnknownModels)
        schemas = try compiler.compile(text)
        try requireEnds()
    }

    /// No schema leads back to itself for the same value.
    private func requireEnds() throws(ModelFailure) {
        // 0: not seen, 1: on the way, 2: done.
        var states = [UInt8](repeating: 0, count: schemas.count)
        for first in schemas.indices where states[first] == 0 {
            var way: [(schema: Int, targets: [Int])] = [(first, schemas[first].flatMap(\.sameValue))]
            states[first] = 1
            while let last = way.last {
                guard let target = last.targets.last else {
                    states[last.schema] = 2
                    way.removeLast()
                    continue
                }
                way[way.count - 1].targets.removeLast()
                guard states[target] != 1 else {
                    throw ModelFailure(.endlessReference, "a `$ref` leads back to its own schema")
                }
                if states[target] == 0 {
                    states[target] = 1
                    way.append((target, schemas[target].flatMap(\.sameValue)))
                }
            }
        }
    }
}
