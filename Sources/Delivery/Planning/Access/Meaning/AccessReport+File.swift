import JSON

extension AccessReport {
    var json: JSONValue {
        [
            "sees": .string(sight), "lines": .array(lines.map { .string($0) }),
            "claims": .array(claims.map(\.json)), "claimsCount": .number(JSONNumber(claimsCount)),
            "notes": .array(notes.map { .string($0) }),
        ]
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        self.init()
        sight = try file.text("sees")
        lines = try file.list("lines") { (item) throws(PlanningFailure) in try item.text() }
        claims = try file.list("claims") { (item) throws(PlanningFailure) in try AccessClaim(item) }
        claimsCount = try file.int("claimsCount")
        notes = try file.list("notes") { (item) throws(PlanningFailure) in try item.text() }
    }
}

extension AccessClaim {
    var json: JSONValue {
        var object: JSONObject = [
            "change": .string(change.rawValue), "principal": .string(principal), "action": .string(action),
            "resource": .string(resource),
        ]
        if !context.isEmpty {
            object["context"] = .object(
                JSONObject(context.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        }
        object["api"] = api.map { .string($0) }
        object["stage"] = stage.map { .string($0) }
        object["route"] = route.map { .string($0) }
        object["role"] = role.map { .string($0) }
        object["statement"] = statement.map { .string($0) }
        return .object(object)
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        self.init(
            change: try file.choice("change"), principal: try file.text("principal"), action: try file.text("action"),
            resource: try file.text("resource"))
        for member in file.value["context"]?.object?.members ?? [] { context[member.name] = member.value.string }
        api = try file.optional("api")?.text()
        stage = try file.optional("stage")?.text()
        route = try file.optional("route")?.text()
        role = try file.optional("role")?.text()
        statement = try file.optional("statement")?.text()
    }
}
