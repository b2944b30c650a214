import Diagnostics
import JSON
import Resources

extension DocumentReading {
    /// A method while it is read.
    struct Method {
        let name: String
        let path: String
        let pathParts: [String]
        let place: Place
        var requestParameters = JSONObject()
        var requestModels = JSONObject()
        var responses = JSONObject()
    }

    static let operationMembers = [
        "tags", "summary", "description", "externalDocs", "operationId", "consumes", "produces", "parameters",
        "requestBody", "responses", "callbacks", "schemes", "deprecated", "security", "servers",
    ]

    mutating func readMethod(_ name: String, _ place: Place, item: Place, path: String, parts: [String]) {
        guard place.node.members != nil else { return wrongType(place, wanted: "a map") }
        checkNames(of: place, known: Self.operationMembers, extensions: Extensions.operation, isStrict: false)
        current = (name, path)
        defer { current = nil }
        var method = Method(name: name, path: path, pathParts: parts, place: place)
        readParameters(item: item, into: &method)
        readRequestBody(into: &method)
        readResponses(into: &method)
        let security = security(of: place)

        var document: JSONObject = ["authorizationType": .string(security.authorizationType)]
        document.set("authorizer", security.authorizer)
        if !security.scopes.isEmpty {
            document["authorizationScopes"] = .array(security.scopes.map { .string($0) })
        }
        document["apiKeyRequired"] = .bool(security.apiKeyRequired)
        document.set("operationName", text(place["operationId"]))
        document.set("requestParameters", method.requestParameters)
        document.set("requestModels", method.requestModels)
        let validator =
            place["x-amazon-apigateway-request-validator"] ?? root["x-amazon-apigateway-request-validator"]
        document.set("requestValidator", validatorName(validator))
        document.set("methodResponses", method.responses)
        if let integration = place["x-amazon-apigateway-integration"] {
            document.set("integration", readIntegration(integration, method))
        } else {
            manifestProblem(
                .missingIntegration, "\(place.name) has no `x-amazon-apigateway-integration`", at: [place.nameSpan],
                remedy: "add one; `type: mock` answers without a backend")
        }
        derivePart(of: place, method: name, path: path)
        add(.method, "\(name) \(path)", document, at: place.nameSpan)
    }

    // MARK: - Parameters

    private mutating func readParameters(item: Place, into method: inout Method) {
        let own = parameters(method.place["parameters"])
        let taken = Set(own.map(\.id))
        let shared = parameters(item["parameters"]).filter { !taken.contains($0.id) }
        var locations: [String: String] = [:]
        for parameter in shared + own {
            let span = parameter.place.node.span
            switch parameter.location {
            case "path", "query", "header":
                let location = parameter.location == "query" ? "querystring" : parameter.location
                if let other = locations.updateValue(location, forKey: parameter.name), other != location {
                    problem(
                        .duplicate, "the parameter `\(parameter.name)` is in \(other) and in \(location)", at: [span],
                        remedy: "rename one of them",
                        service: "Unable to put method '\(method.name)' on resource at path '\(method.path)': "
                            + "Parameter names must be unique across querystring, header and path")
                }
                if location == "path", !method.pathParts.contains(where: { PathPart.parameter($0) == parameter.name }) {
                    manifestProblem(
                        .unknownName, "the path `\(method.path)` has no part `{\(parameter.name)}`", at: [span],
                        remedy: "rename the parameter or the part")
                }
                let isRequired = flag(parameter.place["required"]) ?? (location == "path")
                method.requestParameters["method.request.\(location).\(parameter.name)"] = .bool(isRequired)
            case "body" where version == .swagger2:
                guard let schema = parameter.place["schema"], let model = modelName(of: schema) else { continue }
                for type in mediaTypes("consumes", of: method) { method.requestModels[type] = .string(model) }
            case "formData" where version == .swagger2:
                ignored("the form field `\(parameter.name)`", at: parameter.place)
            case "cookie" where version == .openAPI3: ignored("the cookie `\(parameter.name)`", at: parameter.place)
            default:
                problem(
                    .invalidValue, "`in: \(parameter.location)` at \(parameter.place.name) is no place of a parameter",
                    at: [span], remedy: "use `path`, `query` or `header`")
            }
        }
    }

    private struct Parameter {
        let name: String
        let location: String
        let place: Place
        var id: String { "\(location) \(name)" }
    }

    private mutating func parameters(_ list: Place?) -> [Parameter] {
        var result: [Parameter] = []
        var positions: [String: Int] = [:]
        for element in elements(list) {
            guard element.node.members != nil else {
                wrongType(element, wanted: "a map")
                continue
            }
            guard let place = resolve(element, in: .parameters) else { continue }
            guard let namePlace = place["name"] else {
                missing("name", in: place)
                continue
            }
            guard let locationPlace = place["in"] else {
                missing("in", in: place)
                continue
            }
            guard let name = text(namePlace), let location = text(locationPlace) else { continue }
            let parameter = Parameter(name: name, location: location, place: place)
            if let position = positions[parameter.id] {
                manifestProblem(
                    .duplicate, "the parameter `\(name)` in \(location) is declared twice",
                    at: [element.node.span, result[position].place.node.span], remedy: "keep one of them")
                result[position] = parameter
            } else {
                positions[parameter.id] = result.count
                result.append(parameter)
            }
        }
        return result
    }

    // MARK: - Bodies

    private mutating func readRequestBody(into method: inout Method) {
        guard version == .openAPI3, let written = method.place["requestBody"] else { return }
        guard let body = resolve(written, in: .requestBodies) else { return }
        method.requestModels = models(of: body["content"])
    }

    /// Media type to model, of OpenAPI 3 `content`.
    private mutating func models(of content: Place?) -> JSONObject {
        var result = JSONObject()
        for (type, media) in entries(content) {
            _ = members(media)
            guard let schema = media["schema"], let model = modelName(of: schema) else { continue }
            result[type] = .string(model)
        }
        return result
    }

    /// `consumes` or `produces` of the operation, else of the document, else JSON.
    private mutating func mediaTypes(_ name: String, of method: Method) -> [String] {
        let types = texts(method.place[name] ?? root[name])
        return types.isEmpty ? ["application/json"] : types
    }

    private mutating func readResponses(into method: inout Method) {
        for (status, written) in entries(method.place["responses"]) {
            guard status != "default" else {
                ignored("a `default` response", at: written)
                continue
            }
            guard Self.isStatusCode(status) else {
                problem(
                    .invalidValue, "`\(status)` at \(written.name) is no status code", at: [written.nameSpan],
                    remedy: "write three digits, 100 to 599")
                continue
            }
            guard written.node.members != nil else {
                wrongType(written, wanted: "a map")
                continue
            }
            guard let response = resolve(written, in: .responses) else { continue }
            var document = JSONObject()
            var parameters = JSONObject()
            for (header, place) in entries(response["headers"]) {
                guard let resolved = version == .openAPI3 ? resolve(place, in: .headers) : place else { continue }
                let isRequired = version == .openAPI3 ? flag(resolved["required"]) ?? false : false
                parameters["method.response.header.\(header)"] = .bool(isRequired)
            }
            document.set("responseParameters", parameters)
            if version == .openAPI3 {
                document.set("responseModels", models(of: response["content"]))
            } else if let schema = response["schema"], let model = modelName(of: schema) {
                let types = mediaTypes("produces", of: method)
                document["responseModels"] = .object(JSONObject(types.map { ($0, .string(model)) }))
            }
            method.responses[status] = .object(document)
            derivePart(ofResponse: response, status: status, method: method.name, path: method.path)
        }
    }
}
