package import Diagnostics

/// A model that requests cannot be held against.
package struct ModelFailure: Failure, Equatable {
    package enum Code: String, StableCode {
        case notASchema = "model.not-a-schema"
        case unknownReference = "model.unknown-reference"
        case endlessReference = "model.endless-reference"
        case badPattern = "model.bad-pattern"
        case tooLarge = "model.too-large"

        package var explanation: Explanation {
            switch self {
            case .notASchema:
                Explanation(
                    meaning: "a model is no JSON Schema of draft 4",
                    cause: "it is not a JSON object, or one of its keywords has a value that the draft does not allow",
                    remedy: "correct the keyword that the message names",
                    example: #"{"type": "object", "required": true}"#)
            case .unknownReference:
                Explanation(
                    meaning: "a `$ref` of a model leads nowhere",
                    cause: "the model or the definition that it names is not there; other addresses are never fetched",
                    remedy: "name a model of the same API or a definition of the same schema",
                    example: "https://apigateway.amazonaws.com/restapis/a1b2c3/models/Pet")
            case .endlessReference:
                Explanation(
                    meaning: "a model refers to itself without a step into the value, so that no check would end",
                    cause: "a `$ref` leads back to its own schema, directly or through `allOf` and the like",
                    remedy: "refer from within `properties` or `items`, or take the reference away",
                    example: ##"{"allOf": [{"$ref": "#"}]}"##)
            case .badPattern:
                Explanation(
                    meaning: "a regular expression of a model cannot be used",
                    cause: "it is not valid, or it has back references or look-behind, which are not offered",
                    remedy: "write the pattern without them", example: #"{"pattern": "(a)\\1"}"#)
            case .tooLarge:
                Explanation(
                    meaning: "a model consists of too many schemas",
                    cause: "with the models that it refers to it has more than 20,000 schemas",
                    remedy: "divide the model, or check less of it")
            }
        }
    }

    package let code: Code
    package let message: String
    /// Only another model can help.
    package var recovery: Recovery { .awaitCommit }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
