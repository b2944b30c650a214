import JSON
import Resources
import Seeds
import Testing

@testable import Planning

@Suite("What a change does to access")
struct AccessEffectTests {
    private let open: JSONValue = ["authorizationType": "NONE"]
    private let signed: JSONValue = ["authorizationType": "AWS_IAM"]

    private func effect(_ kind: ResourceKind, _ before: JSONValue?, _ after: JSONValue?) -> AccessEffect {
        AccessEffect(of: kind, from: before, to: after)
    }

    @Test("a route that everybody may call is wider than one with an authorization")
    func routes() {
        #expect(effect(.method, signed, open) == .widens)
        #expect(effect(.method, open, signed) == .narrows)
        #expect(effect(.method, signed, ["authorizationType": "CUSTOM", "authorizer": "a"]) == .both)
        #expect(effect(.method, open, open) == [])
    }

    @Test("a route that comes widens, one that goes narrows, whatever it asks of callers")
    func routesComeAndGo() {
        #expect(effect(.method, nil, signed) == .widens)
        #expect(effect(.method, open, nil) == .narrows)
        #expect(effect(.model, nil, ["schema": [:]]) == [])
    }

    @Test("an API key, scopes and authorizers of a route are access; its integration is not")
    func routeFields() {
        let keyed: JSONValue = ["authorizationType": "NONE", "apiKeyRequired": true]
        #expect(effect(.method, keyed, open) == .widens)
        #expect(effect(.method, open, keyed) == .narrows)
        func scoped(_ scopes: [JSONValue], by authorizer: JSONValue = "a") -> JSONValue {
            changed(
                ["authorizationType": "COGNITO_USER_POOLS", "authorizer": authorizer], "authorizationScopes",
                to: scopes.isEmpty ? nil : .array(scopes))
        }
        #expect(effect(.method, scoped(["a"]), scoped(["a", "b"])) == .widens)
        #expect(effect(.method, scoped(["a", "b"]), scoped(["a"])) == .narrows)
        #expect(effect(.method, scoped(["a"]), scoped([])) == .widens)
        #expect(effect(.method, scoped([]), scoped(["a"])) == .narrows)
        #expect(effect(.method, scoped(["a"]), scoped(["b"])) == .both)
        #expect(effect(.method, scoped([]), scoped([], by: "b")) == .both)
        #expect(effect(.method, open, changed(open, "integration", to: ["type": "MOCK"])) == [])
    }

    @Test("the default host name and a private endpoint are access")
    func restAPI() {
        #expect(effect(.restAPI, ["disableExecuteApiEndpoint": true], [:]) == .widens)
        #expect(effect(.restAPI, [:], ["disableExecuteApiEndpoint": true]) == .narrows)
        func endpoint(_ type: JSONValue) -> JSONValue { ["endpointConfiguration": ["types": [type]]] }
        #expect(effect(.restAPI, endpoint("PRIVATE"), endpoint("REGIONAL")) == .widens)
        #expect(effect(.restAPI, endpoint("EDGE"), endpoint("PRIVATE")) == .narrows)
        #expect(effect(.restAPI, endpoint("EDGE"), endpoint("REGIONAL")) == [])
    }

    @Test("a throttle counts with its default, and with the settings of all methods where a method has none")
    func throttles() {
        func settings(_ entries: (String, JSONValue)...) -> JSONValue {
            ["methodSettings": .object(JSONObject(entries.map { ($0.0, ["throttlingRateLimit": $0.1]) }))]
        }
        #expect(effect(.stage, settings(("*/*", 100)), settings(("*/*", 200))) == .widens)
        #expect(effect(.stage, settings(("*/*", 100)), [:]) == .widens)
        #expect(effect(.stage, [:], settings(("*/*", 100))) == .narrows)
        #expect(effect(.stage, settings(("*/*", 100)), settings(("*/*", 100), ("pets/GET", 50))) == .narrows)
        #expect(effect(.stage, settings(("*/*", 100)), settings(("*/*", 100), ("pets/GET", 500))) == .widens)
        #expect(effect(.stage, ["variables": ["a": "b"]], [:]) == [])
    }

    @Test("each property that is about access is named by its path")
    func paths() {
        let before: JSONValue = ["methodSettings": ["*/*": ["throttlingRateLimit": 1]]]
        let after: JSONValue = [
            "methodSettings": ["*/*": ["throttlingRateLimit": 2, "throttlingBurstLimit": 1]], "description": "x",
        ]
        let changes = AccessChange.all(of: .stage, from: before, to: after)
        #expect(
            Set(changes) == [
                AccessChange(path: #"methodSettings["*/*"].throttlingBurstLimit"#, effect: .narrows),
                AccessChange(path: #"methodSettings["*/*"].throttlingRateLimit"#, effect: .widens),
            ])
    }

    @Test("a resource policy that comes keeps others out, and may let in whom it names")
    func resourcePolicy() {
        func policy(_ principal: JSONValue) -> JSONValue {
            [
                "policy": [
                    "Statement": [
                        [
                            "Effect": "Allow", "Principal": principal, "Action": ["execute-api:Invoke"],
                            "Resource": ["*"],
                        ]
                    ]
                ]
            ]
        }
        #expect(effect(.restAPI, [:], policy("*")) == .narrows)
        #expect(effect(.restAPI, policy("*"), [:]) == .widens)
        #expect(effect(.restAPI, [:], policy(["AWS": ["111122223333"]])) == .both)
        #expect(effect(.restAPI, policy(["AWS": ["111122223333"]]), policy("*")) == .widens)
    }

    @Test("the way back has the opposite effect, whatever changed", arguments: 0..<200)
    func wayBack(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let one = RandomPolicy.make(&generator)
        let other = RandomPolicy.make(&generator)
        let forth = PolicyDifference(one, other, whenAbsent: .denies).effect
        let back = PolicyDifference(other, one, whenAbsent: .denies).effect
        #expect(forth.contains(.widens) == back.contains(.narrows))
        #expect(forth.contains(.narrows) == back.contains(.widens))
    }
}
