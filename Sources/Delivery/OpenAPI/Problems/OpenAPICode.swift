package import Diagnostics

/// What can be wrong in an OpenAPI document.
package enum OpenAPICode: String, StableCode {
    case invalidDocument = "openapi.invalid-document"
    case unsupportedVersion = "openapi.unsupported-version"
    case httpAPI = "openapi.http-api"
    case cloudFormationIntrinsic = "openapi.cloudformation-intrinsic"
    case wrongType = "openapi.wrong-type"
    case missingMember = "openapi.missing-member"
    case invalidValue = "openapi.invalid-value"
    case unknownMember = "openapi.unknown-member"
    case unknownExtension = "openapi.unknown-extension"
    case unresolvedReference = "openapi.unresolved-reference"
    case invalidPath = "openapi.invalid-path"
    case routeCollision = "openapi.route-collision"
    case duplicate = "openapi.duplicate"
    case missingIntegration = "openapi.missing-integration"
    case invalidEndpoint = "openapi.invalid-endpoint"
    case patternCollision = "openapi.pattern-collision"
    case unknownName = "openapi.unknown-name"
    case invalidMapping = "openapi.invalid-mapping"
    case unmappedPlaceholder = "openapi.unmapped-placeholder"
    case failingHeader = "openapi.failing-header"
    case unenforcedSecurity = "openapi.unenforced-security"
    case severalAuthorizers = "openapi.several-authorizers"
    case invalidModel = "openapi.invalid-model"
    case ignoredMember = "openapi.ignored-member"
    case invalidCORS = "openapi.invalid-cors"
    case corsByHand = "openapi.cors-by-hand"
    case lostOnImport = "openapi.lost-on-import"
    case tooLarge = "openapi.too-large"
    case tooManyProblems = "openapi.too-many-problems"
}

extension OpenAPICode {
    package var explanation: Explanation {
        switch self {
        case .invalidDocument, .unsupportedVersion, .httpAPI, .cloudFormationIntrinsic: documentExplanation
        case .wrongType, .missingMember, .invalidValue, .unknownMember, .unknownExtension, .ignoredMember,
            .lostOnImport, .tooLarge, .tooManyProblems:
            memberExplanation
        case .unresolvedReference, .unknownName, .duplicate, .invalidModel, .unenforcedSecurity, .severalAuthorizers:
            nameExplanation
        case .invalidPath, .routeCollision, .missingIntegration, .invalidEndpoint, .patternCollision, .invalidMapping,
            .unmappedPlaceholder, .failingHeader:
            routeExplanation
        case .invalidCORS, .corsByHand: corsExplanation
        }
    }

    private var documentExplanation: Explanation {
        switch self {
        case .unsupportedVersion:
            Explanation(
                meaning: "The document says that it is of a version of OpenAPI that cannot be imported.",
                cause: "API Gateway imports OpenAPI 2.0 (Swagger) and 3.0; 3.1 and others are refused.",
                remedy: "Write `openapi: 3.0.1` and what that version allows.",
                example: "openapi: 3.1.0")
        case .httpAPI:
            Explanation(
                meaning: "The document describes an HTTP API, which is another product than a REST API.",
                cause:
                    "It has `x-amazon-apigateway-importexport-version`, payload format 2.0, an integration subtype or JWT.",
                remedy: "Describe a REST API; an import through the API takes no `x-amazon-apigateway-cors` either.",
                example: "x-amazon-apigateway-importexport-version: \"1.0\"")
        case .cloudFormationIntrinsic:
            Explanation(
                meaning: "The document has a function that only CloudFormation evaluates.",
                cause: "It was taken out of a template (`Fn::Sub`, `Ref`, `${AWS::Region}`).",
                remedy:
                    "Use `${var.name}` for what differs by environment and `${Kind/name.attribute}` for other objects.",
                example: "uri: { \"Fn::Sub\": \"http://${Host}/pets\" }")
        default:
            Explanation(
                meaning: "The file is no OpenAPI document.",
                cause: "Its top level is no map, or has neither `swagger` nor `openapi`, or no `paths`.",
                remedy: "Start with `openapi: 3.0.1`, `info` and `paths`.")
        }
    }

    private var memberExplanation: Explanation {
        switch self {
        case .missingMember:
            Explanation(
                meaning: "A member that must be there is not.",
                cause: "It was forgotten, or stands one level too high or too low.",
                remedy: "Add the member that the message names.")
        case .invalidValue:
            Explanation(
                meaning: "The value is of the right type, but not one that is allowed there.",
                cause: "A word that is not in the list, or a number outside of its range.",
                remedy: "Use one of the values that the message names.",
                example: "passthroughBehavior: sometimes")
        case .unknownMember:
            Explanation(
                meaning: "Nothing reads a member of this name.",
                cause: "Usually a spelling mistake, which would otherwise silently have no effect.",
                remedy: "Correct or remove it.",
                example: "requestTemplate: { application/json: \"{}\" }")
        case .unknownExtension:
            Explanation(
                meaning: "API Gateway has no extension of this name, or not at this place.",
                cause: "A spelling mistake, or an extension one level too high or too low.",
                remedy: "Correct, move or remove it; `x-` members of others are ignored.",
                example: "x-amazon-apigateway-integraton: {}")
        case .ignoredMember:
            Explanation(
                meaning: "The member has no effect on the API.",
                cause: "OpenAPI can say more than API Gateway can do: form fields, cookies, a default response.",
                remedy: "Nothing needs to be done; remove it to be rid of the message.")
        case .lostOnImport:
            Explanation(
                meaning: "Something in the document is dropped or changed when an API is made of it.",
                cause: "OpenAPI describes more than API Gateway keeps: servers, contacts, limits of parameters.",
                remedy: "Nothing needs to be done; check that nobody relies on it.",
                example: "components: { schemas: { Pet: { discriminator: { propertyName: kind } } } }")
        case .tooLarge:
            Explanation(
                meaning: "The document is larger than an API can be.",
                cause: "A path of over \(Limits.pathBytesMax) bytes, or over \(Limits.resourcesMax) resources.",
                remedy: "Use `{proxy+}`, or several APIs.")
        case .tooManyProblems:
            Explanation(
                meaning: "The document has more problems than are listed.",
                cause: "The list ends at \(Limits.diagnosticsMax).",
                remedy: "Correct those that are listed first.")
        default:
            Explanation(
                meaning: "The value is of another type than is wanted there.",
                cause: "A map where a string is wanted, or a wrong indentation.",
                remedy: "Write a value of the type that the message names.",
                example: "paths: []")
        }
    }

    private var nameExplanation: Explanation {
        switch self {
        case .unknownName:
            Explanation(
                meaning: "The document uses a name that it does not declare.",
                cause: "A spelling mistake in the name of a request validator or security scheme.",
                remedy: "Declare it, or use a name that is declared.",
                example: "x-amazon-apigateway-request-validator: bodyy")
        case .duplicate:
            Explanation(
                meaning: "The same thing is declared twice, or under one name in two places.",
                cause: "For parameters: API Gateway wants names to be unique across query string, header and path.",
                remedy: "Keep one of them.")
        case .invalidModel:
            Explanation(
                meaning: "The schema cannot be a model.",
                cause: "Names of models have letters and digits only, and a schema is a map.",
                remedy: "Rename it, also where it is referred to.",
                example: "definitions: { \"new-pet\": { type: object } }")
        case .unenforcedSecurity:
            Explanation(
                meaning: "The document asks for security that API Gateway would not enforce.",
                cause: "The scheme is neither an `x-api-key` header nor has an API Gateway extension.",
                remedy: "Remove the requirement, or use a scheme that is enforced: the method would be open to all.",
                example: "securitySchemes: { basic: { type: http, scheme: basic } }")
        case .severalAuthorizers:
            Explanation(
                meaning: "A method asks for more than one authorization, or for one of several.",
                cause: "OpenAPI has alternatives; API Gateway has one authorizer, or AWS_IAM, for a method.",
                remedy: "Keep one of them; an API key may stand beside it.",
                example: "security: [{ pool: [] }, { sigv4: [] }]")
        default:
            Explanation(
                meaning: "A `$ref` leads nowhere.",
                cause: "The target is missing, in another file, or inside another schema.",
                remedy: "Refer to `#/definitions/Name` (2.0) or `#/components/schemas/Name` (3.0) and declare that.",
                example: "$ref: \"#/definitions/Pte\"")
        }
    }

    private var routeExplanation: Explanation {
        switch self {
        case .invalidPath:
            Explanation(
                meaning: "API Gateway cannot have a resource at this path.",
                cause:
                    "A part is empty, has other characters than `a-zA-Z0-9._-:`, or has braces not around all of it.",
                remedy: "Use parts such as `pets`, `{petId}` and, at the end only, `{proxy+}`.",
                example: "/pets/id-{petId}")
        case .routeCollision:
            Explanation(
                meaning: "Two paths want the same place.",
                cause: "Two variable parts with different names below one resource, or paths that differ by a slash.",
                remedy: "Use one name for the variable part.",
                example: "/pets/{id} beside /pets/{petId}/toys")
        case .missingIntegration:
            Explanation(
                meaning: "The method has no backend, so the API could not be deployed.",
                cause: "`x-amazon-apigateway-integration` is missing.",
                remedy: "Add one; `type: mock` answers without a backend.")
        case .invalidEndpoint:
            Explanation(
                meaning: "The `uri` of the integration is none that its type can call.",
                cause:
                    "HTTP integrations need a URL with its scheme; AWS ones an ARN with `path` or `action`.",
                remedy:
                    "Start with `http://` or `https://`; a stage variable may follow, but not stand for the scheme.",
                example: "uri: petstore.example.com/pets")
        case .patternCollision:
            Explanation(
                meaning: "Two patterns of an integration's responses lead to one status code.",
                cause: "API Gateway keeps one integration response for each status code.",
                remedy: "Join the patterns with `|`, or use two status codes.",
                example: "\"4..\": { statusCode: 400 } beside \"5..\": { statusCode: 400 }")
        case .unmappedPlaceholder:
            Explanation(
                meaning: "The endpoint's address has a variable part that nothing fills in.",
                cause: "`integration.request.path.NAME` is missing in `requestParameters`, or has another name.",
                remedy: "Map it, usually from `method.request.path.NAME`.",
                example: "uri: http://petstore.example.com/pets/{petId}")
        case .failingHeader:
            Explanation(
                meaning: "API Gateway accepts this mapping and then answers every request with a 500.",
                cause: "`Content-Length` and `Transfer-Encoding` belong to the gateway.",
                remedy: "Remove the mapping.")
        default:
            Explanation(
                meaning: "The mapping has no target, source or declaration that API Gateway accepts.",
                cause:
                    "A wrong expression, a literal without quotes, or a parameter that is not declared.",
                remedy: "Write a literal as `'text'` and declare `method.request` and `method.response` parameters.",
                example: "integration.request.header.X-Kind: pets")
        }
    }
}
