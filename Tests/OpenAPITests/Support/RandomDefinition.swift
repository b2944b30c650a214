import JSON
import OpenAPI
import Resources
import Seeds

/// Definitions that an API of the service could have.
struct RandomDefinition {
    private var random: SeededGenerator
    private var objects: [DefinitionObject] = []
    private var models: [String] = []
    private var validators: [String] = []
    private var authorizers: [(name: String, type: String)] = []

    static func make(seed: UInt64) -> APIDefinition {
        var maker = RandomDefinition(random: SeededGenerator(seed: seed))
        return maker.make()
    }

    private init(random: SeededGenerator) { self.random = random }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }
    private mutating func text() -> String {
        pick([
            "plain", "with \"quotes\"", "two\nlines", "größer 🐟", "#set($a = $input.path('$'))", " ", "{}", "a/b~1",
        ])
    }

    private mutating func add(_ kind: ResourceKind, _ key: String, _ document: JSONObject) {
        let normal = KindTable.object(kind)?.normalForm(of: .object(document)) ?? .object(document)
        objects.append(DefinitionObject(kind: kind, key: key, document: normal))
    }

    private mutating func make() -> APIDefinition {
        models = (0..<Int.random(in: 0..<5, using: &random)).map { "Model\($0)" }
        for name in models { add(.model, name, ["schema": .object(schema())]) }
        validators = (0..<Int.random(in: 0..<3, using: &random)).map { "check \($0)" }
        for name in validators {
            add(
                .requestValidator, name,
                ["validateRequestBody": .bool(chance(50)), "validateRequestParameters": .bool(chance(50))])
        }
        for number in 0..<Int.random(in: 0..<4, using: &random) { addAuthorizer(number) }
        if chance(40) {
            add(
                .gatewayResponse, "DEFAULT_4XX",
                ["statusCode": "418", "responseTemplates": ["application/json": .string(text())]])
            add(.gatewayResponse, "THROTTLED", ["responseParameters": ["gatewayresponse.header.A": "'a'"]])
        }
        addDocumentation()
        addRoutes()
        return APIDefinition(
            attributes: attributes(), objects: objects, documentationVersion: chance(20) ? "v\(random.next() % 9)" : nil
        )
    }

    private mutating func attributes() -> JSONObject {
        var result: JSONObject = ["name": .string("API " + text())]
        if chance(50) { result["description"] = .string(text()) }
        if chance(50) { result["version"] = pick(["1.0", "2", "2020-01-01T00:00:00Z"]) }
        if chance(30) { result["binaryMediaTypes"] = ["*/*", "image/png"] }
        if chance(30) { result["minimumCompressionSize"] = pick([0, 1, 10_485_760]) }
        if chance(20) { result["apiKeySource"] = "AUTHORIZER" }
        if chance(20) { result["disableExecuteApiEndpoint"] = true }
        if chance(20) {
            result["endpointConfiguration"] = ["ipAddressType": "dualstack", "vpcEndpointIds": ["vpce-1"]]
        }
        if chance(20) {
            result["policy"] = [
                "Version": "2012-10-17",
                "Statement": [
                    ["Effect": "Allow", "Principal": "*", "Action": ["execute-api:Invoke"], "Resource": ["*"]]
                ],
            ]
        }
        return result
    }

    private mutating func schema() -> JSONObject {
        var result: JSONObject = ["type": pick(["object", "array", "string"])]
        if chance(40) { result["description"] = .string(text()) }
        if chance(60) {
            result["properties"] = [
                "$ref": ["type": "string"], "a": ["$ref": .string("#/definitions/" + pick(models))],
            ]
        }
        if chance(30) { result["items"] = ["$ref": .string("#/definitions/" + pick(models))] }
        if chance(30) {
            result["enum"] = [
                "#/definitions/x", 1, .number(JSONNumber(text: "1.50")), nil, ["$ref": "#/definitions/x"],
            ]
        }
        return result
    }

    private mutating func addAuthorizer(_ number: Int) {
        let name = number == 0 ? pick(["api_key", "sigv4", "who"]) : "authorizer \(number)"
        let type = pick(["TOKEN", "REQUEST", "COGNITO_USER_POOLS"])
        var document: JSONObject = ["type": .string(type)]
        if chance(60) { document["authType"] = pick(["custom", "oauth2", "cognito_user_pools"]) }
        if type == "COGNITO_USER_POOLS" {
            document["providerARNs"] = ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/a"]
        } else {
            document["authorizerUri"] = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations"
        }
        if type != "REQUEST" || chance(70) {
            document["identitySource"] =
                type == "REQUEST"
                ? "method.request.header.A, context.stage"
                : pick(["method.request.header.Auth", "method.request.querystring.t"])
        }
        if chance(40) { document["authorizerResultTtlInSeconds"] = pick([0, 60, 300, 3600]) }
        if chance(30) { document["identityValidationExpression"] = "^x-[a-z]+" }
        authorizers.append((name, type))
        add(.authorizer, name, document)
    }

    private mutating func addDocumentation() {
        guard chance(50) else { return }
        add(.documentationPart, "API - - - -", ["properties": ["info": ["description": .string(text())]]])
        add(.documentationPart, "RESPONSE_HEADER / * 200 Content-Type", ["properties": [:]])
        add(.documentationPart, "METHOD - GET - -", ["properties": ["tags": ["a"]]])
    }

    // MARK: - Routes

    private mutating func addRoutes() {
        var paths: Set<String> = ["/"]
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let parent = pick(paths.sorted())
            guard !parent.hasSuffix("+}") else { continue }
            let depth = parent.split(separator: "/").count
            let part = pick(["pets", "toys", "v1.0_a-b:c", "{id\(depth)}"])
            paths.insert(parent == "/" ? "/\(part)" : "\(parent)/\(part)")
        }
        if chance(30), !paths.contains("/{id0}") { paths.insert("/{proxy+}") }
        for path in paths.sorted() {
            add(.resource, path, [:])
            for method in ["GET", "POST", "ANY", "OPTIONS"] where chance(30) { addMethod(method, path) }
        }
    }

    private mutating func addMethod(_ name: String, _ path: String) {
        var document: JSONObject = ["authorizationType": chance(20) ? "AWS_IAM" : "NONE"]
        if chance(30), !authorizers.isEmpty {
            let authorizer = pick(authorizers)
            let isPool = authorizer.type == "COGNITO_USER_POOLS"
            document["authorizationType"] = isPool ? "COGNITO_USER_POOLS" : "CUSTOM"
            document["authorizer"] = .string(authorizer.name)
            if isPool, chance(50) { document["authorizationScopes"] = ["b", "a"] }
        }
        if chance(20) { document["apiKeyRequired"] = true }
        if chance(30) { document["operationName"] = .string(text()) }
        if chance(30), !validators.isEmpty { document["requestValidator"] = .string(pick(validators)) }
        var parameters: JSONObject = [:]
        for part in path.split(separator: "/") where part.hasPrefix("{") {
            let parameter = part.dropFirst().dropLast(part.hasSuffix("+}") ? 2 : 1)
            parameters["method.request.path.\(parameter)"] = true
        }
        if chance(50) { parameters["method.request.querystring.page"] = .bool(chance(50)) }
        if chance(30) { parameters["method.request.header.X-Page"] = .bool(chance(50)) }
        document.set("requestParameters", parameters)
        if chance(30), !models.isEmpty {
            document["requestModels"] = ["application/json": .string(pick(models)), "text/xml": .string(pick(models))]
        }
        let statuses = ["200", "404", "500"].filter { _ in chance(60) }
        document.set("methodResponses", JSONObject(statuses.map { ($0, .object(response())) }))
        if chance(90) { document["integration"] = .object(integration(statuses, parameters)) }
        add(.method, "\(name) \(path)", document)
    }

    private mutating func response() -> JSONObject {
        var result: JSONObject = [:]
        result["responseParameters"] = [
            "method.response.header.A": .bool(chance(50)), "method.response.header.B-C": false,
        ]
        if chance(40), !models.isEmpty {
            result["responseModels"] = ["application/json": .string(pick(models)), "text/html": .string(pick(models))]
        }
        return result
    }

    private mutating func integration(_ statuses: [String], _ parameters: JSONObject) -> JSONObject {
        let type = pick(["MOCK", "HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY"])
        var result: JSONObject = ["type": .string(type)]
        if type.hasPrefix("HTTP") {
            result["httpMethod"] = pick(["GET", "ANY"])
            result["uri"] = pick(["http://a.example/{id}", "https://${stageVariables.host}/a?b=c"])
            if chance(20) {
                result["connectionType"] = "VPC_LINK"
                result["connectionId"] = pick(["abc123", "${stageVariables.link}"])
            }
            if chance(20) { result["tlsConfig"] = ["insecureSkipVerification": true, "serverNameToVerify": "a"] }
        } else if type != "MOCK" {
            result["httpMethod"] = "POST"
            result["uri"] = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations"
            if chance(40) { result["credentials"] = "arn:aws:iam::123456789012:role/a" }
        }
        if chance(40) { result["passthroughBehavior"] = pick(["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]) }
        if chance(30) { result["timeoutInMillis"] = pick([50, 1_000, 29_000]) }
        if chance(20) { result["contentHandling"] = "CONVERT_TO_BINARY" }
        if chance(20) { result["cacheNamespace"] = "a" }
        if chance(30) { result["cacheKeyParameters"] = ["method.request.querystring.page"] }
        if chance(50) { result["requestTemplates"] = ["application/json": pick([nil, "", .string(text())])] }
        var mappings: JSONObject = [:]
        for name in parameters.names where chance(50) {
            mappings["integration.request.header.H\(mappings.count)"] = .string(name)
        }
        if chance(40) {
            mappings["integration.request.querystring.q"] = pick(["'a b'", "context.stage", "stageVariables.x"])
        }
        result.set("requestParameters", mappings)
        result.set("integrationResponses", JSONObject(statuses.map { ($0, .object(integrationResponse($0))) }))
        return result
    }

    private mutating func integrationResponse(_ status: String) -> JSONObject {
        var result: JSONObject = [:]
        if status != "200" { result["selectionPattern"] = .string("\(status)|.*\\d{2}") }
        if chance(40) { result["responseTemplates"] = ["application/json": pick([nil, .string(text())])] }
        if chance(40) {
            result["responseParameters"] = ["method.response.header.A": pick(["'*'", "integration.response.header.A"])]
        }
        if chance(20) { result["contentHandling"] = "CONVERT_TO_TEXT" }
        return result
    }
}

extension JSONObject {
    /// Sets the member unless the object is empty.
    fileprivate mutating func set(_ name: String, _ object: JSONObject) {
        if !object.isEmpty { self[name] = .object(object) }
    }
}
