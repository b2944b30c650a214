import HTTPTypes
import JSON
import Planning
import Resources
import Testing

@testable import AWSProvider

/// Aliases of functions and the versions behind them, on the real engine.
@Suite("Aliases of functions")
struct AliasTests {
    @Test("an alias is made with the version that the commit says, and its permission is its own")
    func made() async throws {
        try await FunctionWorld.with { world in
            let gateway: JSONValue = ["principal": "apigateway.amazonaws.com"]
            let resources = world.resources(
                "1", ["environment": ["AN": "1"]], aliases: ["live": ["permissions": ["gateway": gateway]]])
            let operations = try await world.apply(resources)
            #expect(
                operations == ["CreateRole", "CreateFunction", "AwaitFunction", "CreateAlias", "AddPermission"])
            #expect(try await world.version() == "1")
            #expect(try await world.world.has(resources))
            #expect(try await world.world.plan(resources, refresh: true).isEmpty)
            let identity = try #require(world.world.identities[FunctionWorld.alias])
            #expect(identity.attribute("arn") == "arn:aws:lambda:us-east-1:123456789012:function:hello:live")
            #expect(identity.attribute("invokeArn")?.hasSuffix(":function:hello:live/invocations") == true)
            #expect(identity.attribute("name") == "live")
            var path = FunctionHandler.path("hello", "policy")
            #expect(try await world.lambda.read(path) == nil)
            path.query = [("Qualifier", "live")]
            #expect(try await world.lambda.read(path)?["Policy"]?.string?.contains("hello:live") == true)
            let drop = try await world.apply(world.resources("1", ["environment": ["AN": "1"]]))
            #expect(drop == ["RemovePermission"])
            #expect(try await world.lambda.read(path) == nil)
        }
    }

    @Test(
        "a change of the code or the configuration publishes a version, and is taken back to the old one",
        arguments: [("2", "1"), ("1", "2")])
    func changed(_ code: String, _ variable: String) async throws {
        try await FunctionWorld.with { world in
            let before = world.resources("1", ["environment": ["AN": "1"]])
            _ = try await world.apply(before)
            let recorded = world.world.recorded
            let after = world.resources(code, ["environment": ["AN": .string(variable)]])
            let operations = try await world.apply(after)
            #expect(operations.last == "UpdateAlias" && operations.contains("AwaitFunction"), "\(operations)")
            #expect(try await world.version() == "2")
            #expect(try await world.world.has(after))
            try await world.world.undo()
            #expect(try await world.version() == "1")
            #expect(try await world.world.has(before))
            #expect(try await world.versions() == ["1", "2"])
            #expect(world.world.identities[FunctionWorld.alias]?.attribute("version") == "1")
            #expect(recorded.count == 3)
        }
    }

    @Test("going back to what a version holds takes that version, and publishes none")
    func back() async throws {
        try await FunctionWorld.with { world in
            for code in ["1", "2", "3", "1"] { _ = try await world.apply(world.resources(code)) }
            #expect(try await world.version() == "1")
            #expect(try await world.versions() == ["1", "2", "3"])
        }
    }

    @Test("the description and the concurrency of a function are no part of a version")
    func description() async throws {
        try await FunctionWorld.with { world in
            _ = try await world.apply(world.resources("1"))
            let operations = try await world.apply(
                world.resources("1", ["description": "words", "reservedConcurrentExecutions": 3]))
            #expect(!operations.contains("UpdateAlias"), "\(operations)")
            #expect(try await world.versions() == ["1"])
        }
    }

    @Test("an alias that was moved by hand is drift, and goes back to its version")
    func moved() async throws {
        try await FunctionWorld.with { world in
            _ = try await world.apply(world.resources("1"))
            let resources = world.resources("2")
            _ = try await world.apply(resources)
            let path = FunctionHandler.path("hello", "aliases", "live")
            _ = try await world.lambda.call(.put, path, body: ["FunctionVersion": "1"])
            let plan = try await world.world.plan(resources, refresh: true)
            #expect(plan.changes.map(\.address) == [FunctionWorld.alias])
            #expect(plan.changes.first?.visibility == .flip)
            #expect(try await world.apply(resources, refresh: true) == ["UpdateAlias"])
            #expect(try await world.version() == "2")

            _ = try await world.lambda.call(.delete, path)
            #expect(try await world.apply(resources, refresh: true) == ["CreateAlias"])
            #expect(try await world.version() == "2")
            #expect(try await world.versions() == ["1", "2"])
        }
    }

    @Test("a step that is made twice publishes once, and finds its alias")
    func twice() async throws {
        try await FunctionWorld.with { world in
            _ = try await world.apply(world.resources("1"))
            let create = try #require(world.world.steps.last)
            try await world.world.engine.perform(create)
            _ = try await world.apply(world.resources("2"))
            let update = try #require(world.world.steps.last)
            try await world.world.engine.perform(update)
            #expect(try await world.versions() == ["1", "2"])
            #expect(try await world.version() == "2")
            // The alias is there, and is another: nobody's to change.
            await #expect(throws: ProviderFailure.self) { try await world.world.engine.perform(create) }
        }
    }

    @Test("calls are shared with another version, and a version may be named")
    func weights() async throws {
        try await FunctionWorld.with { world in
            _ = try await world.apply(world.resources("1"))
            let shared = world.resources(
                "2", aliases: ["live": ["additionalVersionWeights": ["1": .number(JSONNumber(0.25))]]])
            _ = try await world.apply(shared)
            #expect(
                try await world.alias()?["RoutingConfig"] == [
                    "AdditionalVersionWeights": ["1": .number(JSONNumber(0.25))]
                ])
            #expect(try await world.world.plan(shared, refresh: true).isEmpty)
            let pinned = world.resources("3", aliases: ["live": ["version": "1", "description": "old"], "next": [:]])
            _ = try await world.apply(pinned)
            #expect(try await world.version() == "1")
            #expect(try await world.alias()?["RoutingConfig"] == nil)
            #expect(try await world.version("next") == "3")
            #expect(try await world.world.plan(pinned, refresh: true).isEmpty)
            let latest = world.resources("3", aliases: ["live": ["version": "$LATEST"]])
            #expect(try await world.apply(latest).sorted() == ["DeleteAlias", "UpdateAlias"])
            #expect(try await world.version() == "$LATEST")
            #expect(try await world.world.plan(latest, refresh: true).isEmpty)
            await #expect(throws: ProviderFailure.self) {
                _ = try await world.apply(world.resources("3", aliases: ["live": ["version": "77"]]))
            }
        }
    }

    @Test("what nobody published is not pointed to: the function was changed beside the plan")
    func changedBeside() async throws {
        try await FunctionWorld.with { world in
            let resources = world.resources("1", aliases: [:])
            _ = try await world.apply(resources)
            let with = world.resources("1")
            let path = FunctionHandler.path("hello", "configuration")
            _ = try await world.lambda.call(.put, path, body: ["Timeout": 9])
            await #expect(throws: ProviderFailure.self) { _ = try await world.apply(with) }
            #expect(try await world.versions() == [])
        }
    }

    @Test("old versions of ours go, and those that an alias names or somebody else made stay")
    func tidied() async throws {
        try await FunctionWorld.with { world in
            _ = try await world.apply(world.resources("0"))
            let path = FunctionHandler.path("hello", "aliases")
            _ = try await world.lambda.call(.post, path, body: ["Name": "mine", "FunctionVersion": "1"])
            _ = try await world.apply(world.resources("by hand", aliases: [:]))
            _ = try await world.lambda.call(.post, FunctionHandler.path("hello", "versions"), body: [:])
            for number in 1...13 { _ = try await world.apply(world.resources("\(number)")) }
            #expect(try await world.versions().count == 15)
            let identity = try #require(world.world.identities[FunctionWorld.alias])
            let removed = try await world.world.engine.provider.tidy([FunctionWorld.alias: identity])
            #expect(removed == 2)
            #expect(try await world.versions() == ["1", "2"] + (5...15).map { "\($0)" })
            #expect(try await world.world.engine.provider.tidy([FunctionWorld.alias: identity]) == 0)
        }
    }

    @Test("an alias of a renamed function is made beside the old one, and both old ones go", arguments: ["1", "2"])
    func renamed(_ code: String) async throws {
        try await FunctionWorld.with { world in
            let gateway: JSONValue = ["principal": "apigateway.amazonaws.com"]
            let aliases: JSONObject = ["live": ["permissions": ["gateway": gateway]]]
            _ = try await world.apply(world.resources("1", aliases: aliases))
            let resources = world.resources(code, name: "hallo", aliases: aliases)
            let renames = [Rename(from: FunctionWorld.function, to: Address(.function, "hallo"))]
            let plan = try await world.world.plan(resources, renames: renames)
            let moved = Address(.alias, in: "hallo", "live")
            #expect(plan.changes.contains { $0.address == moved && $0.action == .replace })
            for (old, new) in [
                (FunctionWorld.function, Address(.function, "hallo")), (FunctionWorld.alias, moved),
                (
                    Address(.permission, in: "hello", "live gateway"),
                    Address(.permission, in: "hallo", "live gateway")
                ),
            ] { world.world.engine.rename(old, new) }
            _ = try await world.world.engine.perform(plan.changes)
            world.world.record(resources)
            #expect(try await world.world.has(resources))
            #expect(try await world.alias(of: "hallo") != nil)
            #expect(try await world.alias() == nil)
            #expect(try await world.lambda.read(FunctionHandler.path("hello")) == nil)
        }
    }
}
