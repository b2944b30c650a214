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
                meaning: "the document says that it is of a version of OpenAPI that cannot be imported",
                cause: "API Gateway imports OpenAPI 2.0 (Swagger) and 3.0; 3.1 and others are refused",
                remedy: "write `openapi: 3.0.1` and what that version allows",
                example: "openapi: 3.1.0")
        case .httpAPI:
            Explanation(
                meaning: "the document describes an HTTP API, which is another product than a REST API",
                cause:
                    "it has `x-amazon-apigateway-importexport-version`, payload format 2.0, an integration subtype or JWT",
                remedy: "describe a REST API; an import through the API takes no `x-amazon-apigateway-cors` either",
                example: "x-amazon-apigateway-importexport-version: \"1.0\"")
        case .cloudFormationIntrinsic:
            Explanation(
                meaning: "the document has a function that only CloudFormation evaluates",
                cause: "it was taken out of a template (`Fn::Sub`, `Ref`, `${AWS::Region}`)",
                remedy:
                    "use `${var.name}` for what differs by environment and `${Kind/name.attribute}` for other objects",
                example: "uri: { \"Fn::Sub\": \"http://${Host}/pets\" }")
        default:
            Explanation(
                meaning: "the file is no OpenAPI document",
                cause: "its top level is no map, or has neither `swagger` nor `openapi`, or no `paths`",
                remedy: "start with `openapi: 3.0.1`, `info` and `paths`")
        }
    }

    private var memberExplanation: Explanation {
        switch self {
        case .missingMember:
            Explanation(
                meaning: "a member that must be there is not",
                cause: "it was forgotten, or stands one level too high or too low",
                remedy: "add the member that the message names")
        case .invalidValue:
            Explanation(
                meaning: "the value is of the right type, but not one that is allowed there",
                cause: "a word that is not in the list, or a number outside of its range",
                remedy: "use one of the values that the message names",
                example: "passthroughBehavior: sometimes")
        case .unknownMember:
            Explanation(
                meaning: "nothing reads a member of this name",
                cause: "usually a spelling mistake, which would otherwise silently have no effect",
                remedy: "correct or remove it",
                example: "requestTemplate: { application/json: \"{}\" }")
        case .unknownExtension:
            Explanation(
                meaning: "API Gateway has no extension of this name, or not at this place",
                cause: "a spelling mistake, or an extension one level too high or too low",
                remedy: "correct, move or remove it; `x-` members of others are ignored",
                example: "x-amazon-apigateway-integraton: {}")
        case .ignoredMember:
            Explanation(
                meaning: "the member has no effect on the API",
                cause: "openAPI can say more than API Gateway can do: form fields, cookies, a default response",
                remedy: "nothing needs to be done; remove it to be rid of the message")
        case .lostOnImport:
            Explanation(
                meaning: "something in the document is dropped or changed when an API is made of it",
                cause: "openAPI describes more than API Gateway keeps: servers, contacts, limits of parameters",
                remedy: "nothing needs to be done; check that nobody relies on it",
                example: "components: { schemas: { Pet: { discriminator: { propertyName: kind } } } }")
        case .tooLarge:
            Explanation(
                meaning: "the document is larger than an API can be",
                cause: "a path of over \(Limits.pathBytesMax) bytes, or over \(Limits.resourcesMax) resources",
                remedy: "use `{proxy+}`, or several APIs")
        case .tooManyProblems:
            Explanation(
                meaning: "the document has more problems than are listed",
                cause: "the list ends at \(Limits.diagnosticsMax)",
                remedy: "correct those that are listed first")
        default:
            Explanation(
                meaning: "the value is of another type than is wanted there",
                cause: "a map where a string is wanted, or a wrong indentation",
                remedy: "write a value of the type that the message names",
                example: "paths: []")
        }
    }

    private var nameExplanation: Explanation {
        switch self {
        case .unknownName:
            Explanation(
                meaning: "the document uses a name that it does not declare",
                cause: "a spelling mistake in the name of a request validator or security scheme",
                remedy: "declare it, or use a name that is declared",
                example: "x-amazon-apigateway-request-validator: bodyy")
        case .duplicate:
            Explanation(
                meaning: "the same thing is declared twice, or under one name in two places",
                cause: "for parameters: API Gateway wants names to be unique across query string, header and path",
                remedy: "keep one of them")
        case .invalidModel:
            Explanation(
                meaning: "the schema cannot be a model",
                cause: "names of models have letters and digits only, and a schema is a map",
                remedy: "rename it, also where it is referred to",
                example: "definitions: { \"new-pet\": { type: object } }")
        case .unenforcedSecurity:
            Explanation(
                meaning: "the document asks for security that API Gateway would not enforce",
                cause: "the scheme is neither an `x-api-key` header nor has an API Gateway extension",
                remedy: "remove the requirement, or use a scheme that is enforced: the method would be open to all",
                example: "securitySchemes: { basic: { type: http, scheme: basic } }")
        case .severalAuthorizers:
            Explanation(
                meaning: "a method asks for more than one authorization, or for one of several",
                cause: "openAPI has alternatives; API Gateway has one authorizer, or AWS_IAM, for a method",
                remedy: "keep one of them; an API key may stand beside it",
                example: "security: [{ pool: [] }, { sigv4: [] }]")
        default:
            Explanation(
                meaning: "a `$ref` leads nowhere",
                cause: "the target is missing, in another file, or inside another schema",
                remedy: "refer to `#/definitions/Name` (2.0) or `#/components/schemas/Name` (3.0) and declare that",
                example: "$ref: \"#/definitions/Pte\"")
        }
    }

    private var routeExplanation: Explanation {
        switch self {
        case .invalidPath:
            Explanation(
                meaning: "API Gateway cannot have a resource at this path",
                cause:
                    "a part is empty, has other characters than `a-zA-Z0-9._-:`, or has braces not around all of it",
                remedy: "use parts such as `pets`, `{petId}` and, at the end only, `{proxy+}`",
                example: "/pets/id-{petId}")
        case .routeCollision:
            Explanation(
                meaning: "two paths want the same place",
                cause: "two variable parts with different names below one resource, or paths that differ by a slash",
                remedy: "use one name for the variable part",
                example: "/pets/{id} beside /pets/{petId}/toys")
        case .missingIntegration:
            Explanation(
                meaning: "the method has no backend, so the API could not be deployed",
                cause: "`x-amazon-apigateway-integration` is missing",
                remedy: "add one; `type: mock` answers without a backend")
        case .invalidEndpoint:
            Explanation(
                meaning: "the `uri` of the integration is none that its type can call",
                cause:
                    "HTTP integrations need a URL with its scheme; AWS ones an ARN with `path` or `action`",
                remedy:
                    "start with `http://` or `https://`; a stage variable may follow, but not stand for the scheme",
                example: "uri: petstore.example.com/pets")
        case .patternCollision:
            Explanation(
                meaning: "two patterns of an integration's responses lead to one status code",
                cause: "API Gateway keeps one integration response for each status code",
                remedy: "join the patterns with `|`, or use two status codes",
                example: "\"4..\": { statusCode: 400 } beside \"5..\": { statusCode: 400 }")
        case .unmappedPlaceholder:
            Explanation(
                meaning: "the endpoint's address has a variable part that nothing fills in",
                cause: "`integration.request.path.NAME` is missing in `requestParameters`, or has another name",
                remedy: "map it, usually from `method.request.path.NAME`",
                example: "uri: http://petstore.example.com/pets/{petId}")
        case .failingHeader:
            Explanation(
                meaning: "API Gateway accepts this mapping and then answers every request with a 500",
                cause: "`Content-Length` and `Transfer-Encoding` belong to the gateway",
                remedy: "remove the mapping")
        default:
            Explanation(
                meaning: "the mapping has no target, source or declaration that API Gateway accepts",
                cause:
                    "a wrong expression, a literal without quotes, or a parameter that is not declared",
                remedy: "write a literal as `'text'` and declare `method.request` and `method.response` parameters",
                example: "integration.request.header.X-Kind: pets")
        }
    }
}
