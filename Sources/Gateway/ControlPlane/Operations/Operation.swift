/// One operation of the API: where it is found, what it takes, what it does.
struct Operation: Sendable {
    /// Works on the copy of the state that it is given; a thrown error throws that copy away.
    typealias Handler = @Sendable (inout Workspace, Call) throws(ServiceError) -> Reply

    enum Effect: Sendable { case read, write }

    enum Part: Sendable, Hashable {
        case literal(String)
        case parameter(String)
        /// All segments that are left, joined by `/`.
        case rest(String)
    }

    /// The service's name of it: `CreateRestApi`.
    let name: String
    let method: String
    let parts: [Part]
    /// Only with `?mode=import`.
    let isImport: Bool
    /// The status of success.
    let status: Int
    let effect: Effect
    /// Members of the body that are checked; nil: the body is a document of its own.
    let members: [Shape.Member]?
    /// The body is an API's document, read before the write.
    let readsDefinition: Bool
    let handler: Handler

    init(
        _ name: String, _ method: String, _ pattern: String, status: Int, members: [Shape.Member]? = [],
        isImport: Bool = false, readsDefinition: Bool = false, effect: Effect? = nil, handler: @escaping Handler
    ) {
        self.name = name
        self.method = method
        self.isImport = isImport
        self.readsDefinition = readsDefinition
        self.status = status
        self.members = members
        self.handler = handler
        self.effect = effect ?? (method == "GET" ? .read : .write)
        parts = pattern.split(separator: "/").map { part in
            if part.hasPrefix("{"), part.hasSuffix("+}") { return .rest(String(part.dropFirst().dropLast(2))) }
            if part.hasPrefix("{") { return .parameter(String(part.dropFirst().dropLast())) }
            return .literal(String(part))
        }
    }

    /// `createRestApiInput`, as messages print it.
    var inputName: String { (name.first?.lowercased() ?? "") + name.dropFirst() + "Input" }

    /// The path parameters, or nil when the path is another one.
    func match(_ segments: [String]) -> [String: String]? {
        var found: [String: String] = [:]
        for (position, part) in parts.enumerated() {
            if case .rest(let name) = part, position < segments.count {
                found[name] = segments[position...].joined(separator: "/")
                return found
            }
            guard position < segments.count else { return nil }
            switch part {
            case .literal(let text): if text != segments[position] { return nil }
            case .parameter(let name): found[name] = segments[position]
            case .rest: return nil
            }
        }
        return parts.count == segments.count ? found : nil
    }
}

extension Shape {
    /// Path parameters that the service checks by shape.
    static let constrainedParameters: [(key: String, name: String, shape: Shape)] = [
        ("status", "statusCode", .pattern(.statusCode)),
        ("responseType", "responseType", .enumeration(GatewayResponseTypes.printed)),
    ]
}
