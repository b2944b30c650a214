import JSON
import Resources
import Testing

@Suite("Normal form")
struct NormalFormTests {
    @Test("what differs only by defaults, empties and order has one normal form", arguments: Pair.same)
    func same(_ pair: Pair) throws {
        let schema = try #require(KindTable.object(pair.kind))
        #expect(schema.normalForm(of: pair.left) == schema.normalForm(of: pair.right))
    }

    @Test("what says different things has different normal forms", arguments: Pair.different)
    func different(_ pair: Pair) throws {
        let schema = try #require(KindTable.object(pair.kind))
        #expect(schema.normalForm(of: pair.left) != schema.normalForm(of: pair.right))
    }

    @Test("a normal form is its own normal form", arguments: Pair.same + Pair.different)
    func idempotent(_ pair: Pair) throws {
        let schema = try #require(KindTable.object(pair.kind))
        for document in [pair.left, pair.right] {
            let once = schema.normalForm(of: document)
            let twice = schema.normalForm(of: once)
            #expect(once == twice)
            #expect(once.object?.names == twice.object?.names)
        }
    }

    @Test("an API always says its name and its endpoint type")
    func restAPIAlways() throws {
        let form = try #require(KindTable.object(.restAPI)).normalForm(of: ["name": "pets"])
        #expect(form == ["name": "pets", "endpointConfiguration": ["types": ["EDGE"]]])
    }

    @Test("members that no table knows are kept, so that they show as a difference")
    func unknownMembers() throws {
        let schema = try #require(KindTable.object(.model))
        #expect(schema.normalForm(of: ["zeta": 1, "alpha": nil]) == ["alpha": nil, "zeta": 1])
    }

    @Test("a value of an unexpected type is kept as it is")
    func unexpectedType() throws {
        let schema = try #require(KindTable.object(.method))
        let form = schema.normalForm(of: ["methodResponses": [1, 2], "apiKeyRequired": "maybe"])
        #expect(form == ["authorizationType": "NONE", "methodResponses": [1, 2], "apiKeyRequired": "maybe"])
        #expect(schema.normalForm(of: "text") == "text")
    }

    @Test("members of a document stand in the order of the table")
    func order() throws {
        let schema = try #require(KindTable.object(.restAPI))
        let form = schema.normalForm(of: ["tags": ["b": "1", "a": "2"], "version": "1", "name": "x"])
        #expect(form.object?.names == ["name", "version", "endpointConfiguration", "tags"])
        #expect(form["tags"]?.object?.names == ["a", "b"])
    }

    @Test("the part that needs a redeploy leaves out what callers never see")
    func redeployPart() throws {
        let schema = try #require(KindTable.object(.restAPI))
        let part = schema.redeployPart(of: ["name": "x", "binaryMediaTypes": ["a/b"], "tags": ["a": "b"]])
        #expect(part == ["binaryMediaTypes": ["a/b"]])
        #expect(try #require(KindTable.object(.documentationPart)).redeployPart(of: ["properties": 1]).isEmpty)
    }
}

struct Pair: Sendable, CustomTestStringConvertible {
    let title: String
    let kind: ResourceKind
    let left: JSONValue
    let right: JSONValue

    init(_ title: String, _ kind: ResourceKind, _ left: JSONValue, _ right: JSONValue) {
        self.title = title
        self.kind = kind
        self.left = left
        self.right = right
    }

    var testDescription: String { title }

    static let same = [
        Pair(
            "defaults of an API", .restAPI, ["name": "a"],
            [
                "name": "a", "apiKeySource": "header", "disableExecuteApiEndpoint": false, "binaryMediaTypes": [],
                "description": "", "tags": ["gatewright:token": "1"], "policy": nil,
                "endpointConfiguration": ["types": ["edge"], "ipAddressType": "ipv4", "vpcEndpointIds": []],
            ]),
        Pair(
            "a private API is dualstack", .restAPI, ["name": "a", "endpointConfiguration": ["types": ["PRIVATE"]]],
            ["name": "a", "endpointConfiguration": ["types": ["PRIVATE"], "ipAddressType": "dualstack"]]),
        Pair(
            "order and repeats of media types", .restAPI, ["name": "a", "binaryMediaTypes": ["a/b", "c/d", "a/b"]],
            ["name": "a", "binaryMediaTypes": ["c/d", "a/b"]]),
        Pair(
            "numbers by value", .restAPI, ["name": "a", "minimumCompressionSize": 1024],
            ["name": "a", "minimumCompressionSize": "1024"]),
        Pair(
            "one action and a list of it", .restAPI,
            ["name": "a", "policy": ["Statement": ["Effect": "Allow", "Action": "x:Y", "Sid": ""]]],
            ["name": "a", "policy": ["Statement": [["Action": ["x:Y", "x:Y"], "Effect": "Allow"]]]]),
        Pair("case of enums", .method, ["authorizationType": "none"], ["authorizationType": "NONE"]),
        Pair("no authorization", .method, [:], ["authorizationType": "NONE", "apiKeyRequired": false]),
        Pair(
            "defaults of an integration", .method, ["integration": ["type": "mock"]],
            [
                "integration": [
                    "type": "MOCK", "passthroughBehavior": "when_no_match", "timeoutInMillis": 29000,
                    "cacheKeyParameters": [], "connectionType": "INTERNET", "requestTemplates": [:],
                    "tlsConfig": [
                        "insecureSkipVerification": false
                    ],
                    "integrationResponses": [:],
                ]
            ]),
        Pair(
            "an empty selection pattern", .method,
            ["integration": ["type": "MOCK", "integrationResponses": ["200": ["selectionPattern": ""]]]],
            ["integration": ["type": "MOCK", "integrationResponses": ["200": nil]]]),
        Pair(
            "a template of empty text is null", .method,
            ["integration": ["type": "MOCK", "requestTemplates": ["a/b": ""]]],
            ["integration": ["type": "MOCK", "requestTemplates": ["a/b": nil]]]),
        Pair("a model's media type", .model, ["schema": [:]], ["schema": [:], "contentType": "application/json"]),
        Pair(
            "a validator says both", .requestValidator, [:],
            ["validateRequestBody": false, "validateRequestParameters": false]),
        Pair(
            "an authorizer's TTL", .authorizer, ["type": "token"],
            [
                "type": "TOKEN", "authorizerResultTtlInSeconds": 300,
            ]),
        Pair(
            "method settings of defaults", .stage, ["deployment": "1"],
            ["deployment": "1", "methodSettings": ["*/*": ["throttlingRateLimit": 10000, "cachingEnabled": false]]]),
        Pair(
            "rates by value", .stage, ["deployment": "1", "methodSettings": ["*/*": ["throttlingRateLimit": 100]]],
            ["deployment": "1", "methodSettings": ["*/*": ["throttlingRateLimit": .number(JSONNumber(text: "100.0"))]]]),
    ]

    static let different = [
        Pair("the name of an API", .restAPI, ["name": "a"], ["name": "b"]),
        Pair(
            "a regional and an edge API", .restAPI, ["name": "a"],
            ["name": "a", "endpointConfiguration": ["types": ["REGIONAL"]]]),
        Pair(
            "a compression size of zero", .restAPI, ["name": "a"], ["name": "a", "minimumCompressionSize": 0]),
        Pair("a response without members", .method, [:], ["methodResponses": ["200": [:]]]),
        Pair(
            "a null template and none", .method, ["integration": ["type": "MOCK", "requestTemplates": ["a/b": nil]]],
            ["integration": ["type": "MOCK"]]),
        Pair(
            "a method's defaults beside others", .stage,
            ["deployment": "1", "methodSettings": ["*/*": ["throttlingRateLimit": 1]]],
            ["deployment": "1", "methodSettings": ["*/*": ["throttlingRateLimit": 1], "pets/GET": [:]]]),
        Pair(
            "the order of statements", .restAPI,
            ["name": "a", "policy": ["Statement": [["Action": "a:b"], ["Action": "c:d"]]]],
            ["name": "a", "policy": ["Statement": [["Action": "c:d"], ["Action": "a:b"]]]]),
    ]
}
