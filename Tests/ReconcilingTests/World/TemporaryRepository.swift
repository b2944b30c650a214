import Foundation
import GitSource

/// A git repository in a folder of its own, gone with the value.
final class TemporaryRepository: Sendable {
    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gw-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try git("init", "--quiet", "--initial-branch=main")
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
    }

    func open() throws -> GitRepository { try GitRepository(opening: folder) }

    func write(_ path: String, _ text: String?) throws {
        let file = URL(fileURLWithPath: folder).appendingPathComponent(path)
        guard let text else { return try FileManager.default.removeItem(at: file) }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    /// Writes files and commits everything.
    ///
    /// - Returns: The new commit.
    @discardableResult
    func commit(_ files: [String: String?], _ subject: String = "Change") throws -> String {
        for (path, text) in files { try write(path, text) }
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "-m", subject)
        return try git("rev-parse", "HEAD")
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder] + arguments
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder,
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw GitCommandFailed(arguments: arguments) }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    struct GitCommandFailed: Error { let arguments: [String] }
}

/// Manifests of a small API.
enum Manifests {
    static func environments(_ names: [String] = ["dev"], apply: String = "{}", drift: String = "{ action: off }")
        -> String
    {
        names.map { name in
            """
            apiVersion: gatewright/v1
            kind: Environment
            metadata: { name: \(name) }
            spec:
              manifests: [apis]
              variables: { backend: "http://\(name).test" }
              target: { engine: {} }
              apply: \(apply)
              drift: \(drift)

            """
        }.joined(separator: "---\n")
    }

    static func api(tier: String = "gold", stages: [String] = ["test"]) -> String {
        """
        apiVersion: gatewright/v1
        kind: RestApi
        metadata: { name: pets }
        spec:
          definition: { file: pets.openapi.yaml }
          stages:
        \(stages.map { "    \($0): { variables: { tier: \(tier) } }" }.joined(separator: "\n"))
        """
    }

    static func definition(_ paths: [String] = ["/pets"]) -> String {
        """
        openapi: 3.0.1
        info: { title: Pets, version: "1" }
        paths:
        \(paths.map(path).joined(separator: "\n"))
        """
    }

    private static func path(_ path: String) -> String {
        """
          \(path):
            get:
              responses: { "200": { description: pets } }
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                uri: ${var.backend}\(path)
        """
    }

    /// A whole repository.
    static func all(
        _ names: [String] = ["dev"], apply: String = "{}", drift: String = "{ action: off }"
    ) -> [String: String?] {
        [
            "gatewright.yaml": environments(names, apply: apply, drift: drift), "apis/pets.yaml": api(),
            "apis/pets.openapi.yaml": definition(), "README.md": "one",
        ]
    }
}
