import JSON

/// What a function behind AWS_PROXY answers: status, headers and body, in the one form that is taken.
///
/// SOURCE: recorded: a member that nobody knows, a status that is no number and a bare value are malformed; null counts
/// as absent, and scalars are taken for header values.
struct ProxyAnswer {
    let status: Int
    /// In order; each name once in the casing of its first, followed by all of its values.
    private(set) var headers: [(name: String, values: [String])] = []
    let body: [UInt8]
    let isBase64: Bool

    private static let members: Set<String> = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]

    init(parsing payload: [UInt8]) throws(GatewayError) {
        guard payload.count <= Limits.responseBodyBytesMax else {
            throw .malformedFunctionAnswer("it has \(payload.count) bytes; \(Limits.responseBodyBytesMax) are the most")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: payload)
        } catch {
            throw .malformedFunctionAnswer("it is no JSON: \(error.message)")
        }
        guard let document = value.object else { throw .malformedFunctionAnswer("it is no object") }
        for member in document.members where !Self.members.contains(member.name) {
            throw .malformedFunctionAnswer("it has a member `\(member.name.prefix(64))`")
        }
        status = try Self.status(document["statusCode"])
        switch document["body"] {
        case nil, .null: body = []
        case .string(let text): body = Array(text.utf8)
        default: throw .malformedFunctionAnswer("its `body` is no text")
        }
        switch document["isBase64Encoded"] {
        case nil, .null: isBase64 = false
        case .bool(let flag): isBase64 = flag
        default: throw .malformedFunctionAnswer("its `isBase64Encoded` is neither true nor false")
        }
        try addLists(document["multiValueHeaders"])
        try addSingles(document["headers"])
    }

    private static func status(_ value: JSONValue?) throws(GatewayError) -> Int {
        guard let value, !value.isNull else { return 200 }
        guard let status = value.int ?? value.string.flatMap({ Int($0) }), (200...599).contains(status) else {
            throw .malformedFunctionAnswer("its `statusCode` is no status from 200 to 599")
        }
        return status
    }

    private mutating func addLists(_ value: JSONValue?) throws(GatewayError) {
        for (name, value) in try Self.map(value, "multiValueHeaders") {
            guard let list = value.array else {
                throw .malformedFunctionAnswer("its `multiValueHeaders` has a value that is no list")
            }
            for item in list { try add(name, Self.text(item)) }
        }
    }

    /// Where a header is in both maps, its values come first that are in the one of lists.
    private mutating func addSingles(_ value: JSONValue?) throws(GatewayError) {
        let listed = headers
        for (name, value) in try Self.map(value, "headers") {
            let text = try Self.text(value)
            let lowercased = name.lowercased()
            guard !listed.contains(where: { $0.name.lowercased() == lowercased && $0.values.contains(text) }) else {
                continue
            }
            try add(name, text)
        }
    }

    private mutating func add(_ name: String, _ value: String) throws(GatewayError) {
        let lowercased = name.lowercased()
        if let position = headers.firstIndex(where: { $0.name.lowercased() == lowercased }) {
            headers[position].values.append(value)
        } else {
            guard headers.count < Limits.headerCountMax else {
                throw .malformedFunctionAnswer("it has more than \(Limits.headerCountMax) headers")
            }
            headers.append((name, [value]))
        }
    }

    private static func map(_ value: JSONValue?, _ name: String) throws(GatewayError) -> JSONObject {
        guard let value, !value.isNull else { return JSONObject() }
        guard let map = value.object else { throw .malformedFunctionAnswer("its `\(name)` is no map") }
        return map
    }

    private static func text(_ value: JSONValue) throws(GatewayError) -> String {
        switch value {
        case .string(let text): return text
        case .bool, .number: return value.text(.compact)
        case .null: return ""
        case .array, .object: throw .malformedFunctionAnswer("a header has a value that is no text")
        }
    }
}

extension GatewayError {
    /// A function behind AWS_PROXY failed, or did not answer in the form asked for.
    static func malformedFunctionAnswer(_ reason: String) -> GatewayError {
        GatewayError(
            .default5XX, 502, "Internal server error", "InternalServerErrorException",
            detail: "malformed Lambda proxy response: \(reason)")
    }
}
