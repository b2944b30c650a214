import JSON

extension JSONObject {
    func string(_ name: String) -> String? { self[name]?.string }

    /// Takes the members over that are there, not null and not empty.
    mutating func take(_ names: [String], from other: JSONObject) {
        for name in names {
            guard let value = other[name], !value.isNull, value.array?.isEmpty != true, value.object?.isEmpty != true
            else { continue }
            self[name] = value
        }
    }

    func without(_ names: String...) -> Self {
        var copy = self
        for name in names { copy[name] = nil }
        return copy
    }

    /// Edits the map that is the member `name`; a map that becomes empty goes.
    mutating func edit(
        _ name: String, keepsEmpty: Bool = false, _ body: (inout JSONObject) throws(ServiceError) -> Void
    )
        throws(ServiceError)
    {
        var map = self[name]?.object ?? [:]
        try body(&map)
        self[name] = map.isEmpty && !keepsEmpty ? JSONValue?.none : .object(map)
    }
}

extension CallEnvironment {
    func unknownAPI(_ id: String) -> ServiceError { .notFound("Invalid API identifier specified \(accountID):\(id)") }
}

extension ServiceError {
    static let unknownResource = Self.notFound("Invalid Resource identifier specified")
    static let unknownMethod = Self.notFound("Invalid Method identifier specified")
    static let unknownIntegration = Self.notFound("Invalid Integration identifier specified")
    static let unknownStatusCode = Self.notFound("Invalid Response status code specified")
    static let unknownStage = Self.notFound("Invalid stage identifier specified")
    static let unknownDeployment = Self.notFound("Invalid Deployment identifier specified")
    static let invalidPathPart = Self.badRequest(
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable "
            + "and curly braces at the beginning and the end.")
    static let bodyTooLarge = Self(
        status: 413, type: "RequestEntityTooLargeException", message: "Request body is larger than the service takes")

    /// - Parameter place: ` for this API`, or nothing for the account.
    static func quota(_ what: String, _ place: String = " for this API") -> Self {
        .limit("Maximum number of \(what)\(place) has been reached. Please contact AWS if you need additional \(what).")
    }
}
