import ControlPlane
import DataPlane
import HTTPTypes
import JSON
import Logging
import SigV4
import Testing

/// A control plane without a network, and short words for requests to it.
struct Engine {
    let plane: ControlPlane
    let snapshots: SnapshotRegistry

    static let root = RootCredentials(accessKeyID: "AKIAROOTROOTROOTROOT", secretAccessKey: "secret")
    /// 2026-01-01T00:00:00Z
    static let now = 1_767_225_600

    init(
        database: String? = nil, configure: (inout EngineConfiguration) -> Void = { _ in },
        clock: @escaping @Sendable () -> Int = { Self.now }
    ) async throws {
        var configuration = EngineConfiguration(rootCredentials: Self.root, databasePath: database)
        configuration.skipsAuthentication = true
        configure(&configuration)
        snapshots = SnapshotRegistry(linkTargets: [VPCLinkTests.target: LinkTargets(["127.0.0.1:9"])])
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        plane = try await ControlPlane(
            configuration: configuration, snapshots: snapshots, testInvoker: TestInvoker(logger: logger),
            clock: clock, logger: logger)
    }

    struct Answer {
        var status: Int
        var errorType: String?
        var headers: HTTPFields
        var bytes: [UInt8]

        var body: JSONValue {
            get throws { bytes.isEmpty ? [:] : try JSONValue(parsing: bytes) }
        }
        var message: String? {
            get throws { try body["message"]?.string }
        }
    }

    @discardableResult
    func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> Answer {
        try await send(method, path, bytes: body?.bytes(.compact) ?? [])
    }

    func send(_ method: String, _ path: String, bytes: [UInt8]) async throws -> Answer {
        let method = try #require(HTTPRequest.Method(method))
        let request = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:4600", path: path)
        let answer = await plane.respond(to: request, body: bytes)
        let type = HTTPField.Name("x-amzn-ErrorType").flatMap { answer.response.headerFields[$0] }
        return Answer(
            status: answer.response.status.code, errorType: type, headers: answer.response.headerFields,
            bytes: answer.body)
    }

    func get(_ path: String, accept: String) async throws -> Answer {
        var request = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:4600", path: path)
        request.headerFields[.accept] = accept
        let answer = await plane.respond(to: request, body: [])
        return Answer(
            status: answer.response.status.code, errorType: nil, headers: answer.response.headerFields,
            bytes: answer.body)
    }

    /// The body of a request that succeeds.
    @discardableResult
    func make(
        _ method: String, _ path: String, _ body: JSONValue? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let answer = try await send(method, path, body)
        #expect(
            (200..<300).contains(answer.status), "\(method) \(path): \(String(decoding: answer.bytes, as: UTF8.self))",
            sourceLocation: sourceLocation)
        return try answer.body
    }

    /// A request that must be refused.
    func refused(
        _ method: String, _ path: String, _ body: JSONValue?, status: Int = 400,
        type: String = "BadRequestException", _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await send(method, path, body)
        #expect(answer.status == status, sourceLocation: sourceLocation)
        #expect(answer.errorType == type, sourceLocation: sourceLocation)
        #expect(try answer.message == message, sourceLocation: sourceLocation)
    }

    func refused(
        _ method: String, _ path: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await refused(method, path, nil, message, sourceLocation: sourceLocation)
    }

    func notFound(
        _ method: String, _ path: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await notFound(method, path, nil, message, sourceLocation: sourceLocation)
    }

    func notFound(
        _ method: String, _ path: String, _ body: JSONValue?, _ message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await refused(
            method, path, body, status: 404, type: "NotFoundException", message, sourceLocation: sourceLocation)
    }
}

// MARK: Things that many tests need

extension Engine {
    struct MadeAPI {
        var id: String
        var root: String
        var path: String { "/restapis/\(id)" }
        func methods(_ resource: String? = nil) -> String { "\(path)/resources/\(resource ?? root)/methods" }
    }

    func api(_ members: JSONValue = ["name": "pets"]) async throws -> MadeAPI {
        let made = try await make("POST", "/restapis", members)
        return MadeAPI(id: try #require(made["id"]?.string), root: try #require(made["rootResourceId"]?.string))
    }

    func resource(_ api: MadeAPI, _ part: String, under parent: String? = nil) async throws -> String {
        let made = try await make("POST", "\(api.path)/resources/\(parent ?? api.root)", ["pathPart": .string(part)])
        return try #require(made["id"]?.string)
    }

    /// An API with a MOCK method GET / that is ready to be deployed.
    func mockAPI() async throws -> MadeAPI {
        let api = try await api()
        let method = api.methods() + "/GET"
        try await make("PUT", method, ["authorizationType": "NONE"])
        try await make("PUT", method + "/responses/200", [:])
        try await make(
            "PUT", method + "/integration",
            ["type": "MOCK", "requestTemplates": ["application/json": #"{"statusCode": 200}"#]])
        try await make("PUT", method + "/integration/responses/200", [:])
        return api
    }

    func deployment(_ api: MadeAPI, stage: String? = nil) async throws -> String {
        let body: JSONValue = stage.map { ["stageName": .string($0)] } ?? [:]
        return try #require(try await make("POST", "\(api.path)/deployments", body)["id"]?.string)
    }

    static func patch(_ operations: (op: String, path: String, value: String?)...) -> JSONValue {
        [
            "patchOperations": .array(
                operations.map { operation in
                    var object: JSONObject = ["op": .string(operation.op), "path": .string(operation.path)]
                    if let value = operation.value { object["value"] = .string(value) }
                    return .object(object)
                })
        ]
    }
}
