import ControlPlane
import Crypto
import Foundation
import Functions
import HTTPTypes
import JSON
import Resources
import Synchronization
import Testing

@testable import AWSProvider
@testable import Manifests

/// Code in memory.
final class FakeShelf: CodeShelf {
    private let archives = Mutex<[String: [UInt8]]>([:])

    /// The hash of an archive of one file, which is kept.
    func keep(_ text: String) -> String {
        var writer = ZipWriter()
        writer.add("bootstrap", Array(text.utf8), isExecutable: true)
        let bytes = writer.finished()
        let hash = Data(SHA256.hash(data: bytes)).base64EncodedString()
        archives.withLock { $0[hash] = bytes }
        return hash
    }

    func keep(_ archive: CodeArchive) throws(ProviderFailure) {
        archives.withLock { $0[archive.hash] = archive.bytes }
    }

    func lease() throws(ProviderFailure) -> CodeLease? { CodeLease {} }
    func pruningLease() throws(ProviderFailure) -> CodeLease? { nil }
    func removeAll(but hashes: Set<String>) throws(ProviderFailure) -> Int { 0 }

    func forget(_ hash: String) { archives.withLock { $0[hash] = nil } }

    func code(_ hash: String) throws(ProviderFailure) -> [UInt8] {
        guard let bytes = archives.withLock({ $0[hash] }) else {
            throw ProviderFailure(.codeMissing, "the code `\(hash)` is not kept here", effect: .none)
        }
        return bytes
    }
}

/// A function `hello` with its role on the real engine, which keeps it and runs nothing.
struct FunctionWorld {
    var world: IdentityWorld
    let shelf: FakeShelf

    static let function = Address(.function, "hello")
    static let alias = Address(.alias, in: "hello", "live")
    static let role = IdentityWorld.object(
        .role, "runs",
        [
            "assumeRolePolicyDocument": [
                "Version": "2012-10-17",
                "Statement": [
                    ["Effect": "Allow", "Principal": ["Service": "lambda.amazonaws.com"], "Action": "sts:AssumeRole"]
                ],
            ]
        ])

    /// - Parameter fault: Answers a call in place of the engine; nil lets it through.
    static func with(
        secrets: (any SecretSource)? = nil,
        fault: @escaping @Sendable (HTTPRequest) -> HTTPResponse.Status? = { _ in nil },
        _ body: (inout FunctionWorld) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gw-functions-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let shelf = FakeShelf()
        let engine = try await EngineWorld.make(
            secrets: secrets, functions: FunctionService(code: CodeStore(root: folder + "/code"), host: nil),
            code: shelf, fault: fault)
        var world = FunctionWorld(world: IdentityWorld(engine: engine), shelf: shelf)
        try await body(&world)
    }

    /// What a manifest gives: the role, the function, and what belongs to it.
    func resources(
        _ code: String, name: String = "hello", _ spec: JSONObject = [:], aliases: JSONObject = ["live": [:]],
        permissions: JSONObject = [:]
    ) -> [DesiredResource] {
        var spec = spec
        spec["runtime"] = "provided.al2023"
        spec["handler"] = "none"
        spec["code"] = "code"
        spec["role"] = "${Role/runs.arn}"
        spec["aliases"] = .object(aliases)
        spec["permissions"] = .object(permissions)
        let function = IdentityWorld.object(.function, name, spec)
        return [Self.role]
            + FunctionExpansion.resources(function, CodeArchive(hash: shelf.keep(code), bytes: []))
    }

    mutating func apply(_ resources: [DesiredResource], refresh: Bool = false) async throws -> [String] {
        try await world.apply(resources, refresh: refresh)
    }

    var lambda: APIGatewayClient { world.engine.clients.lambda }

    /// What the target says of the alias.
    func alias(_ name: String = "live", of function: String = "hello") async throws -> JSONValue? {
        try await lambda.read(FunctionHandler.path(function, "aliases", name))
    }

    func version(_ name: String = "live") async throws -> String? { try await alias(name)?["FunctionVersion"]?.string }

    /// The numbers of the versions that are there.
    func versions() async throws -> [String] {
        try await lambda.pages(FunctionHandler.path("hello", "versions"), "Versions")
            .compactMap { $0["Version"]?.string }.filter { $0 != "$LATEST" }
    }
}
