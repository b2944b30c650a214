import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

/// The pet store as applied, and what somebody did to it since.
struct DriftWorld {
    var graph = PetStore.graph
    var objects: [Address: ObservedObject]
    var recorded: [RecordedObject]
    var applied: DesiredGraph?
    var desired: DesiredGraph?
    var served: [Address: ServedDefinition] = [:]
    var strangers: [Stranger] = []
    var ignore: [DriftRule] = []

    static let stage = Address(.stage, in: "petstore", "test")
    static let api = Address(.restAPI, "petstore")
    static let model = Address(.model, in: "petstore", "Pet")
    static let get = Address(.method, in: "petstore", "GET /pets")
    static let documentation = Address(.documentationPart, in: "petstore", "API - - - -")
    static let today = CivilDate(year: 2026, month: 11, day: 22)

    init() {
        objects = graph.observed
        recorded = graph.recorded
        applied = graph
    }

    /// Sets a member of what the target has; nil removes it.
    mutating func set(_ address: Address, _ name: String, _ value: JSONValue?) {
        let document = changed(objects[address]?.document, name, to: value)
        objects[address]?.document = document
    }

    mutating func add(_ address: Address, _ document: JSONValue) {
        objects[address] = ObservedObject(identity: Identity(physicalID: "x"), document: document)
    }

    /// Git as it is to be, the deployment that follows from it aside.
    mutating func wish(_ change: (inout [DesiredResource]) -> Void) { desired = graph.with(change) }

    var input: DriftInput {
        var input = DriftInput(
            environment: "dev", recorded: recorded, applied: applied, desired: desired,
            observed: ObservedState(all: objects, graph, recorded), today: Self.today)
        (input.served, input.strangers, input.ignore) = (served, strangers, ignore)
        return input
    }

    var report: DriftReport { DriftReport(input) }
}

@Suite("Drift reports")
struct DriftReportTests {
    @Test("a target as it was applied has no drift, whatever git wants next")
    func none() {
        var world = DriftWorld()
        #expect(world.report.isEmpty)
        #expect(world.report.fingerprint.isEmpty)
        #expect(world.report.text() == "dev: no drift\n")
        world.desired = PetStore.next
        #expect(world.report.isEmpty)
    }

    @Test("what changed, what is missing and what nobody declared are told apart, the worst first")
    func sorts() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "variables", ["tier": "lead"])
        world.objects[DriftWorld.model] = nil
        world.set(DriftWorld.documentation, "properties", ["info": ["title": "Cats"]])
        world.add(Address(.method, in: "petstore", "PUT /pets"), ["authorizationType": "NONE"])
        let report = world.report
        #expect(report.lines.map(\.sort) == [.undeclared, .missing, .changed, .changed])
        #expect(report.lines.map(\.driftClass) == [.accessWidening, .functional, .functional, .cosmetic])
        #expect(
            report.text() == """
                Access widening
                  undeclared Method/petstore PUT /pets (x)
                Functional
                  missing Model/petstore Pet
                  changed Stage/petstore test (id11)
                      variables.tier: "gold" → "lead"
                Cosmetic
                  changed DocumentationPart/petstore API - - - - (id1)
                      properties.info.title: "Pets" → "Cats"
                dev: 4 objects drifted: 1 access widening, 2 functional, 1 cosmetic

                """)
    }

    @Test("what was not read is not in the report")
    func unread() {
        let world = DriftWorld()
        let report = DriftReport(
            DriftInput(
                environment: "dev", recorded: world.recorded, observed: ObservedState(addresses: [], objects: [:]),
                today: DriftWorld.today))
        #expect(report.isEmpty)
    }

    // MARK: Three ways

    @Test("each property says whether the target, git, or both changed it")
    func threeWays() throws {
        var world = DriftWorld()
        world.set(DriftWorld.api, "name", "by hand")
        world.set(DriftWorld.api, "description", "agreed")
        world.set(DriftWorld.api, "endpointConfiguration", ["types": ["EDGE"]])
        world.wish {
            $0["RestApi/petstore"] = changed($0["RestApi/petstore"], "description", to: "agreed")
            $0["RestApi/petstore"] = changed(
                $0["RestApi/petstore"], "endpointConfiguration", to: ["types": ["PRIVATE"]])
        }
        let line = try #require(world.report.lines.first)
        let origins = Dictionary(uniqueKeysWithValues: line.properties.map { ($0.path.text, $0.origin) })
        #expect(
            origins == [
                "name": .target, "description": .alreadyWanted, "endpointConfiguration.types[0]": .both,
            ])
        #expect(line.properties.last { $0.origin == .both }?.desired == "PRIVATE")
        var report = world.report
        report.desiredCommit = "0123456789"
        #expect(report.text().contains("the target already has what commit 0123456 wants"))
        #expect(report.text().contains("changed in git as well: commit 0123456 wants \"PRIVATE\""))
    }

    @Test("what git alone changed is no drift, and an object that git drops is compared with what was applied")
    func change() {
        var world = DriftWorld()
        world.wish { $0["Method/petstore GET /pets"] = nil }
        #expect(world.report.isEmpty)
        world.set(DriftWorld.get, "operationName", "list")
        #expect(world.report.lines.first?.properties.map(\.origin) == [.both])
        world.objects[DriftWorld.get] = nil
        #expect(world.report.lines.first?.facts == ["the next commit does not want it any more"])
    }

    @Test("what the commit wants counts for more than what was recorded, unless the commit is not known")
    func baseline() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "description", "by hand")
        for position in world.recorded.indices where world.recorded[position].address == DriftWorld.stage {
            world.recorded[position].document = changed(
                world.recorded[position].document, "description", to: "by hand")
        }
        #expect(world.report.lines.map(\.address) == [DriftWorld.stage])
        world.applied = nil
        #expect(world.report.isEmpty)
    }

    // MARK: Classes

    struct Case: Sendable {
        let address: Address
        let name: String
        let value: JSONValue
        let expected: DriftClass

        init(_ address: Address, _ name: String, _ value: JSONValue, _ expected: DriftClass) {
            (self.address, self.name, self.value, self.expected) = (address, name, value, expected)
        }
    }

    @Test(
        "a property is of the class that its table says, and the object of the worst",
        arguments: [
            Case(DriftWorld.api, "description", "x", .cosmetic),
            Case(DriftWorld.api, "tags", ["owner": "x"], .cosmetic),
            Case(DriftWorld.api, "name", "x", .cosmetic),
            Case(DriftWorld.stage, "documentationVersion", "x", .cosmetic),
            Case(DriftWorld.stage, "variables", ["tier": "x"], .functional),
            Case(DriftWorld.get, "operationName", "x", .cosmetic),
            Case(DriftWorld.get, "requestValidator", "x", .functional),
            Case(DriftWorld.get, "apiKeyRequired", true, .functional),
        ])
    func classes(_ test: Case) {
        var world = DriftWorld()
        world.set(test.address, test.name, test.value)
        #expect(world.report.lines.map(\.driftClass) == [test.expected])
        #expect(world.report.lines.first?.properties.allSatisfy { $0.driftClass == test.expected } == true)
    }

    @Test("a route that opens is worse than all that changes beside it")
    func opens() throws {
        var world = DriftWorld()
        let post = Address(.method, in: "petstore", "POST /pets")
        world.graph = world.graph.with {
            $0[post.description] = changed($0[post.description], "authorizationType", to: "AWS_IAM")
        }
        (world.objects, world.recorded, world.applied) = (world.graph.observed, world.graph.recorded, world.graph)
        world.set(post, "authorizationType", "NONE")
        world.set(post, "operationName", "add")
        let line = try #require(world.report.lines.first)
        #expect(line.driftClass == .accessWidening)
        #expect(line.properties.map(\.driftClass) == [.accessWidening, .cosmetic])
        // The other way round nobody gets in who could not before.
        world.graph = PetStore.graph
        (world.objects, world.recorded, world.applied) = (world.graph.observed, world.graph.recorded, world.graph)
        world.set(post, "authorizationType", "AWS_IAM")
        #expect(world.report.lines.map(\.driftClass) == [.functional])
    }

    // MARK: What nobody declared

    @Test("an API that is gone is one line, and so is one that nobody declared")
    func wholeAPI() {
        var world = DriftWorld()
        world.objects = [:]
        #expect(world.report.lines.map(\.address) == [DriftWorld.api])
        #expect(world.report.lines.first?.facts == ["it took 11 objects along"])
        world = DriftWorld()
        world.strangers = [
            Stranger(physicalID: "abc", name: "by hand"),
            Stranger(physicalID: "def", name: "old", address: Address(.restAPI, "old")),
        ]
        let report = world.report
        #expect(report.lines.map(\.address.description) == ["RestApi/abc", "RestApi/old"])
        #expect(report.lines.allSatisfy { $0.sort == .undeclared && !$0.isCorrectable })
        #expect(report.text().contains("the API `by hand` carries no mark of Gatewright"))
    }

    @Test("other values with the same meaning are none, other drift has another fingerprint, and order has none")
    func fingerprints() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "variables", ["tier": "lead"])
        let first = world.report.fingerprint
        #expect(first.utf8.count == 64)
        world.set(DriftWorld.api, "description", "x")
        let second = world.report.fingerprint
        #expect(second != first)
        world.set(DriftWorld.api, "description", nil)
        #expect(world.report.fingerprint == first)
        world.set(DriftWorld.stage, "variables", ["tier": "other"])
        #expect(world.report.fingerprint != first)
    }

    @Test("JSON says of each property which of the three differs, and lists what is ignored only when asked")
    func json() {
        var world = DriftWorld()
        world.set(DriftWorld.stage, "tags", ["a/b": "c"])
        world.set(DriftWorld.stage, "description", "x")
        world.ignore = [IgnoreTests.rule("Stage", "*", [["tags"]])]
        let json = world.report.json(showsIgnored: false)
        #expect(json["format"] == "gatewright.drift/v1")
        #expect(json["drifted"] == true)
        #expect(json["counts"] == ["accessWidening": 0, "functional": 0, "cosmetic": 1, "ignored": 1])
        let property = json["drift"]?[0]?["properties"]?[0]
        #expect(property?["pointer"] == "/description")
        #expect(property?["origin"] == "target")
        #expect(property?["observed"] == "x")
        #expect(property?["applied"] == nil)
        #expect(json["ignored"] == nil)
        let listed = world.report.json(showsIgnored: true)["ignored"]?[0]
        #expect(listed?["properties"]?[0]?["pointer"] == "/tags/a~1b")
        #expect(listed?["rule"]?["owner"] == "Ann")
        #expect(listed?["rule"]?["expires"] == "2027-01-31")
    }

    @Test("a hostile name on the target controls no terminal and ends no code span")
    func hostile() {
        var world = DriftWorld()
        world.strangers = [Stranger(physicalID: "a\u{1B}[2J", name: "``` \u{202E}\n# x")]
        #expect(!world.report.text().contains("\u{1B}"))
        #expect(!world.report.text().contains("\u{202E}"))
        #expect(!world.report.markdown.contains("\n# x"))
    }
}
