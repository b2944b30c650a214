import JSON
import Resources
import Testing

@testable import AWSProvider

@Suite struct StepDerivationTests {
    static let api = Address(.restAPI, "shop")
    static let deployment = Address(.deployment, "shop")
    static let stage = Address(.stage, in: "shop", "test")
    static func method(_ key: String) -> Address { Address(.method, in: "shop", key) }

    static func change(
        _ action: Change.Action, _ address: Address, before: JSONValue? = nil, after: JSONValue? = nil,
        after dependencies: [Address] = [], isReversible: Bool = true
    ) -> Change {
        Change(
            action, address, before: before, after: after, dependencies: dependencies, visibility: .hidden,
            isReversible: isReversible)
    }

    static func steps(_ changes: [Change]) throws -> [Step] {
        var derivation = StepDerivation(changes)
        return try derivation.derive()
    }

    @Test("a new API is created, filled, deployed and staged: four calls whatever its size")
    func newAPI() throws {
        let methods = (0..<300).map { Self.method("GET /things/\($0)") }
        let changes =
            [Self.change(.create, Self.api, after: ["name": "shop"])]
            + methods.map { Self.change(.create, $0, after: ["authorizationType": "NONE"], after: [Self.api]) }
            + [
                Self.change(.create, Self.deployment, after: ["fingerprint": "a"], after: methods),
                Self.change(.create, Self.stage, after: ["deployment": "a"], after: [Self.deployment]),
            ]
        let steps = try Self.steps(changes)
        #expect(steps.map(\.operation) == ["CreateRestApi", "FillRestApi", "CreateDeployment", "CreateStage"])
        #expect(steps[1].effects.count == 300)
        #expect(steps.map(\.dependencies) == [[], [0], [0, 1], [0, 2]])
        #expect(steps.map(\.isReversible) == [true, true, true, true])
    }

    @Test("an API's attributes, tags and version are three calls, each with the document between")
    func updateAPI() throws {
        let before: JSONValue = ["name": "shop", "version": "1", "tags": ["team": "a"]]
        let after: JSONValue = ["name": "store", "version": "2", "tags": ["team": "b"]]
        let steps = try Self.steps([Self.change(.update, Self.api, before: before, after: after)])
        #expect(steps.map(\.operation) == ["UpdateRestApi", "TagRestApi", "PutRestApi"])
        #expect(steps[0].effects[0].before == before)
        #expect(steps[0].effects[0].after == steps[1].effects[0].before)
        #expect(steps[1].effects[0].after == steps[2].effects[0].before)
        #expect(steps[2].effects[0].after == after)
        #expect(steps[1].dependencies == [0])
        #expect(steps[2].dependencies == [0, 1])
    }

    @Test("stages change in the plan's order, whatever their APIs are called")
    func stagesInOrder() throws {
        func stage(_ root: String) -> Change {
            Self.change(
                .update, Address(.stage, in: root, "test"), before: ["deployment": "a"],
                after: ["deployment": "a", "description": "x"])
        }
        let steps = try Self.steps([
            Self.change(.update, Address(.restAPI, "a"), before: ["name": "a"], after: ["name": "b"]), stage("b"),
            stage("a"),
        ])
        #expect(steps.map { $0.effects[0].address.description } == ["RestApi/a", "Stage/b test", "Stage/a test"])
        #expect(steps.map(\.dependencies) == [[], [], [0]])
    }

    @Test("a definition edit is one import, one deployment and one flip a stage")
    func editDefinition() throws {
        let steps = try Self.steps([
            Self.change(.update, Self.method("GET /a"), before: ["a": 1], after: ["a": 2]),
            Self.change(.delete, Self.method("GET /b"), before: ["b": 1]),
            Self.change(.update, Self.deployment, before: ["fingerprint": "a"], after: ["fingerprint": "b"]),
            Self.change(
                .update, Self.stage, before: ["deployment": "a"], after: ["deployment": "b"], after: [Self.deployment]),
        ])
        #expect(steps.map(\.operation) == ["PutRestApi", "CreateDeployment", "UpdateStage"])
        #expect(steps.map(\.dependencies) == [[], [0], [1]])
    }

    @Test("what cannot be undone comes after everything that can, of every API")
    func deletesLast() throws {
        let other = Address(.stage, in: "other", "test")
        let steps = try Self.steps([
            Self.change(.delete, Self.method("GET /a"), before: ["a": 1]),
            Self.change(.delete, Self.api, before: ["name": "shop"], isReversible: false),
            Self.change(.delete, other, before: ["deployment": "x"]),
        ])
        #expect(steps.map(\.operation) == ["DeleteStage", "DeleteRestApi"])
        #expect(steps.map(\.isReversible) == [true, false])
        #expect(Set(steps[1].effects.map(\.address)) == [Self.api, Self.method("GET /a")])
        #expect(steps[1].dependencies == [0])
    }

    @Test("a kind that is not managed and a replacement are refused")
    func refused() {
        #expect(throws: ProviderFailure.self) { () throws in
            _ = try Self.steps([Self.change(.create, Address(ResourceKind(rawValue: "Elsewhere"), "x"), after: [:])])
        }
        #expect(throws: ProviderFailure.self) { () throws in
            _ = try Self.steps([Self.change(.replace, Self.api, before: [:], after: [:])])
        }
    }
}
