import JSON

/// What the mappings of an integration and the overrides of its template give for one request.
struct MappedParameters {
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var query: [(name: String, value: String)] = []
    private(set) var path: [(name: String, value: String)] = []
    /// A mapped Host header.
    private(set) var host: String?

    init(
        _ mappings: [RequestMapping], scope: ExchangeScope, body: [UInt8], overrides: JSONObject?
    ) throws(GatewayError) {
        for mapping in mappings {
            let values: [String]
            if case .requestBody(let path) = mapping.source {
                values = try ExchangeScope.values(path, in: body)
            } else {
                values = scope.values(mapping.source)
            }
            for value in values { try add(mapping.target, value) }
        }
        guard let overrides else { return }
        try override(overrides["header"], RequestMapping.Target.header)
        try override(overrides["querystring"], RequestMapping.Target.query)
        try override(overrides["path"], RequestMapping.Target.path)
    }

    private mutating func override(
        _ members: JSONValue?, _ target: (String) -> RequestMapping.Target
    ) throws(GatewayError) {
        for member in members?.object?.members ?? [] {
            let lowercased = member.name.lowercased()
            switch target("") {
            case .header: headers.removeAll { $0.name.lowercased() == lowercased }
            case .query: query.removeAll { $0.name == member.name }
            case .path: path.removeAll { $0.name == member.name }
            }
            for value in member.value.array ?? [member.value] {
                if let text = ExchangeScope.text(value) { try add(target(member.name), text) }
            }
        }
    }

    private mutating func add(_ target: RequestMapping.Target, _ value: String) throws(GatewayError) {
        switch target {
        case .query(let name): query.append((name, value))
        case .path(let name): path.append((name, value))
        case .header(let name):
            let known = KnownHeader(name)
            switch known.requestMappingOutcome {
            case .refused: throw .configuration("the header `\(name)` cannot be mapped")
            case .dropped: break
            case .sent where known == .host: host = value
            case .sent: headers.append((name, value))
            }
        }
    }

    mutating func set(header name: String, _ value: String) { headers.append((name, value)) }

    func sets(_ header: String) -> Bool {
        guard !headers.isEmpty else { return false }
        let lowercased = header.lowercased()
        return headers.contains { $0.name.lowercased() == lowercased }
    }
}
