import Diagnostics
import Foundation
import JSON
import Manifests
import Resources
import Testing

/// The configuration repositories of the project itself.
@Suite("Examples")
struct ExampleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let folder: String
        /// Of all objects; nil where each manifest is an object of its own.
        let root: String?
        let counts: [ResourceKind: Int]
        var environment: String?

        var testDescription: String { "\(folder) \(environment ?? "")" }

        static let petStore: [ResourceKind: Int] = [
            .restAPI: 1, .resource: 3, .method: 6, .model: 6, .documentationPart: 14,
            .documentationVersion: 1, .stage: 1,
        ]

        static let all = [
            Example(
                folder: "manifests", root: nil,
                counts: [
                    .restAPI: 2, .resource: 5, .method: 7, .model: 6, .documentationPart: 15, .documentationVersion: 1,
                    .stage: 2, .group: 2, .user: 2, .role: 1, .function: 1, .permission: 1,
                ]),
            Example(folder: "examples/petstore", root: "petstore", counts: petStore),
            Example(
                folder: "examples/http-proxy", root: "proxy",
                counts: [.restAPI: 1, .resource: 2, .method: 2, .model: 1, .documentationPart: 1, .stage: 1]),
            Example(
                folder: "examples/http-mapping", root: "demo",
                counts: [.restAPI: 1, .resource: 4, .method: 3, .documentationPart: 3, .stage: 1]),
            Example(
                folder: "examples/payload-mapping", root: nil,
                counts: [
                    .restAPI: 1, .resource: 7, .method: 5, .model: 6, .requestValidator: 1, .documentationPart: 5,
                    .stage: 1, .role: 1, .function: 1, .permission: 1,
                ]),
            Example(
                folder: "examples/cors", root: "pets",
                counts: [.restAPI: 1, .resource: 5, .method: 8, .gatewayResponse: 2, .stage: 1]),
            Example(
                folder: "examples/environments", root: "shop",
                counts: [.restAPI: 1, .resource: 3, .method: 2, .documentationPart: 2, .stage: 1], environment: "dev"),
            Example(
                folder: "examples/environments", root: "shop",
                counts: [.restAPI: 1, .resource: 2, .method: 1, .documentationPart: 1, .stage: 1], environment: "prod"),
            Example(
                folder: "examples/private-link", root: nil,
                counts: [
                    .restAPI: 1, .resource: 1, .method: 1, .model: 1, .documentationPart: 1, .stage: 1, .vpcLink: 2,
                ]),
            Example(folder: "examples/iam", root: nil, counts: [.policy: 3, .group: 1, .user: 3, .role: 1]),
            Example(
                folder: "examples/iam-auth", root: nil,
                counts: [.restAPI: 1, .resource: 2, .method: 2, .documentationPart: 2, .stage: 1, .user: 2]),
            Example(
                folder: "examples/lambda-proxy", root: nil,
                counts: [
                    .restAPI: 1, .resource: 2, .method: 1, .stage: 1, .role: 1, .function: 1, .permission: 1,
                ]),
            Example(
                folder: "examples/lambda-custom", root: nil,
                counts: [
                    .restAPI: 1, .resource: 2, .method: 2, .model: 1, .requestValidator: 1, .documentationPart: 2,
                    .stage: 1, .role: 1, .function: 1, .permission: 1,
                ]),
            Example(
                folder: "examples/aws-service", root: nil,
                counts: [
                    .restAPI: 1, .resource: 2, .method: 1, .documentationPart: 2, .deployment: 1, .stage: 1, .role: 1,
                    .policy: 1,
                ]),
        ]
    }

    private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func load(_ folder: String, _ environment: String? = nil) async throws -> LoadResult {
        var files: [String: [UInt8]] = [:]
        let root = Self.project.appending(path: folder)
        for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
            let file = root.appending(path: path)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            files["\(folder)/\(path)"] = Array(try Data(contentsOf: file))
        }
        return try await ManifestLoader(repoPath: folder).load(environment: environment, from: DictionaryTree(files))
    }

    @Test("an example loads without a word, and holds what its walkthrough names", arguments: Example.all)
    func loads(_ example: Example) async throws {
        let result = try await load(example.folder, example.environment)
        #expect(result.diagnostics.map(\.message) == [])
        let graph = try #require(result.graph)
        #expect(Dictionary(grouping: graph.resources, by: \.address.kind).mapValues(\.count) == example.counts)
        if let root = example.root { #expect(graph.resources.allSatisfy { $0.address.root == root }) }
        #expect(result.ignoredFileCount == 0)
    }

    @Test("every configuration of the examples is tested, and has a README")
    func complete() throws {
        let folder = Self.project.appending(path: "examples")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter {
            FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/gatewright.yaml").path)
        }
        let tested = Set(Example.all.map(\.folder).filter { $0.hasPrefix("examples/") }).sorted()
        #expect(names.map { "examples/\($0)" } == tested)
        for name in names {
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: "\(name)/README.md").path))
        }
    }

    @Test("the pet store in JSON and the one in YAML are the same")
    func same() async throws {
        let yaml = try #require(try await load("manifests").graph).resources.filter {
            $0.address.kind != .stage && $0.address.root == "petstore"
        }
        let json = try #require(try await load("examples/petstore").graph).resources.filter {
            $0.address.kind != .stage
        }
        #expect(yaml.map(\.address) == json.map(\.address))
        #expect(yaml.map(\.document) == json.map(\.document))
    }
}
