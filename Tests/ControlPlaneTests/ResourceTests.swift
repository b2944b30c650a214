import JSON
import Testing

@Suite struct ResourceTests {
    @Test("resources form a tree that is listed by path, with their methods")
    func tree() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let pets = try await engine.resource(api, "pets")
        let pet = try await engine.resource(api, "{petId}", under: pets)
        try await engine.make("PUT", api.methods(pet) + "/GET", ["authorizationType": "none"])
        let items = try #require(try await engine.make("GET", api.path + "/resources")["item"]?.array)
        #expect(items.count == 3)
        #expect(items[0] == ["id": .string(api.root), "path": "/"])
        #expect(
            items[2] == [
                "id": .string(pet), "parentId": .string(pets), "path": "/pets/{petId}", "pathPart": "{petId}",
                "resourceMethods": ["GET": [:]],
            ])
        let embedded = try await engine.make("GET", "\(api.path)/resources/\(pet)?embed=methods")
        #expect(embedded["resourceMethods"]?["GET"]?["authorizationType"] == "NONE")
    }

    @Test("a subtree goes as one, and its children with it")
    func subtree() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let pets = try await engine.resource(api, "pets")
        let petsOld = try await engine.resource(api, "pets-old")
        let pet = try await engine.resource(api, "{petId}", under: pets)
        #expect(try await engine.send("DELETE", "\(api.path)/resources/\(pets)").status == 202)
        try await engine.notFound("DELETE", "\(api.path)/resources/\(pet)", "Invalid Resource identifier specified")
        #expect(try await engine.make("GET", "\(api.path)/resources/\(petsOld)")["path"] == "/pets-old")
    }

    @Test("moving and renaming a resource recomputes the paths below it")
    func moves() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let pets = try await engine.resource(api, "pets")
        let pet = try await engine.resource(api, "{petId}", under: pets)
        let shop = try await engine.resource(api, "shop")
        let moved = try await engine.make(
            "PATCH", "\(api.path)/resources/\(pets)",
            Engine.patch(("replace", "/parentId", shop), ("replace", "/pathPart", "animals")))
        #expect(moved["path"] == "/shop/animals")
        #expect(try await engine.make("GET", "\(api.path)/resources/\(pet)")["path"] == "/shop/animals/{petId}")
    }

    @Test("resources are refused as the service refuses them")
    func refusals() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let pets = try await engine.resource(api, "pets")
        let shop = try await engine.resource(api, "shop")
        let pet = try await engine.resource(api, "{petId}", under: pets)
        let resources = api.path + "/resources"
        for (method, path, body) in [
            ("POST", "/unknown", ["pathPart": "a"]), ("PATCH", "/unknown", Engine.patch(("replace", "/pathPart", "a"))),
            ("DELETE", "/unknown", nil), ("GET", "/unknown", nil),
            ("PATCH", "/\(pets)", Engine.patch(("replace", "/parentId", "unknown"))),
        ] as [(String, String, JSONValue?)] {
            try await engine.notFound(method, resources + path, body, "Invalid Resource identifier specified")
        }
        let taken = "Another resource with the same parent already has this name: pets"
        let conflict = "ConflictException"
        try await engine.refused(
            "POST", "\(resources)/\(api.root)", ["pathPart": "pets"], status: 409, type: conflict, taken)
        try await engine.refused(
            "PATCH", "\(resources)/\(shop)", Engine.patch(("replace", "/pathPart", "pets")), status: 409,
            type: conflict,
            taken)
        let other = try await engine.resource(api, "pets", under: shop)
        try await engine.refused(
            "PATCH", "\(resources)/\(other)", Engine.patch(("replace", "/parentId", api.root)), status: 409,
            type: conflict, taken)
        try await engine.refused(
            "PATCH", "\(resources)/\(pets)", Engine.patch(("replace", "/parentId", pet)),
            "Resources cannot be cyclical.")
        try await engine.refused(
            "PATCH", "\(resources)/\(api.root)", Engine.patch(("replace", "/pathPart", "a")),
            "Root resource cannot update its pathPart.")
        try await engine.refused(
            "PATCH", "\(resources)/\(api.root)", Engine.patch(("replace", "/parentId", pets)),
            "Root resource cannot update its parentId.")
        // Two blanks after "path", as the service writes it.
        try await engine.refused(
            "PATCH", "\(resources)/\(pets)", Engine.patch(("replace", "/x", "a")),
            "Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/parentId, /pathPart]")
        try await engine.refused(
            "PATCH", "\(resources)/\(pets)", Engine.patch(("add", "/x", "a")),
            "Invalid patch path  '/x' specified for op 'add'. Please choose supported operations")
        try await engine.notFound(
            "GET", "/restapis/abc/resources", "Invalid API identifier specified 123456789012:abc")
    }

    @Test(
        "path parts are words, variables or greedy variables",
        arguments: ["", "a b", "{", "{}", "{+}", "a/b", "{a", "é"])
    func parts(_ part: String) async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let answer = try await engine.send("POST", "\(api.path)/resources/\(api.root)", ["pathPart": .string(part)])
        #expect(answer.errorType == "BadRequestException")
    }

    @Test("nothing stands below a greedy variable, and one variable of a kind below a resource")
    func variables() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        let proxy = try await engine.resource(api, "{proxy+}")
        _ = try await engine.resource(api, "{id}")
        try await engine.refused(
            "POST", "\(api.path)/resources/\(proxy)", ["pathPart": "a"],
            "Cannot create a child of a resource with a greedy path variable: {proxy+}")
        #expect(
            try await engine.send("POST", "\(api.path)/resources/\(api.root)", ["pathPart": "{other}"]).status == 400)
    }

    @Test("lists are paged by limit and position, and the last page has no position")
    func paging() async throws {
        let engine = try await Engine()
        let api = try await engine.api()
        for number in 1...4 { _ = try await engine.resource(api, "r\(number)") }
        var paths: [String] = []
        var position: String?
        var pages = 0
        repeat {
            let query = "?limit=2" + (position.map { "&position=\($0)" } ?? "")
            let page = try await engine.make("GET", api.path + "/resources" + query)
            paths += (page["item"]?.array ?? []).compactMap { $0["path"]?.string }
            position = page["position"]?.string
            pages += 1
        } while position != nil
        #expect(paths == ["/", "/r1", "/r2", "/r3", "/r4"])
        #expect(pages == 3)
        for query in ["?limit=0", "?limit=x", "?position=zz", "?position=f"] {
            #expect(try await engine.send("GET", api.path + "/resources" + query).errorType == "BadRequestException")
        }
    }
}
