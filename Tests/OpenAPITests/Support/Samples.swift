import Diagnostics
import Foundation
import JSON
import OpenAPI
import Resources
import Testing
import YAML

/// Documents of tests.
enum Samples {
    static let corpora = ProcessInfo.processInfo.environment["GATEWRIGHT_CORPORA"]
    static let hasCorpora = corpora != nil
    static let noCorpora: Comment = "GATEWRIGHT_CORPORA is not set"

    static func bytes(_ path: String) throws -> [UInt8] {
        let root = try #require(corpora)
        return [UInt8](try Data(contentsOf: URL(filePath: root).appending(path: path)))
    }

    static func json(_ path: String) throws -> JSONValue { try JSONValue(parsing: try bytes(path)) }

    /// The tree of a JSON or YAML file, by its suffix, with what its parser says.
    static func parse(_ path: String) throws -> (node: Node?, diagnostics: [Diagnostic]) {
        let bytes = try bytes(path)
        if path.hasSuffix(".json") { return Node.parse(json: bytes, file: path) }
        let result = Node.parse(yaml: bytes, file: path)
        return (result.documents.first, result.diagnostics)
    }

    /// A document of a test, in YAML.
    static func node(_ yaml: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Node {
        let result = Node.parse(yaml: Array(yaml.utf8), file: "api.yaml")
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)", sourceLocation: sourceLocation)
        return try #require(result.documents.first, sourceLocation: sourceLocation)
    }

    /// The tree of a value, as if it stood in a file of one line.
    static func node(of value: JSONValue) throws -> Node {
        let result = Node.parse(json: value.bytes(.compact), file: "written.json")
        #expect(result.diagnostics.isEmpty)
        return try #require(result.node)
    }

    /// OpenAPI 3.0 with this text behind `info`.
    static func document(_ rest: String) -> String {
        """
        openapi: 3.0.1
        info: { title: Pets, version: "1" }
        \(rest)
        """
    }

    /// A document with one GET of `/pets` that has these members beside a mock integration.
    static func operation(_ members: String, integration: String = "{ type: mock }", rest: String = "") -> String {
        document(
            """
            paths:
              /pets:
                get:
                  x-amazon-apigateway-integration: \(integration)
            \(members.indented(by: 6))
            \(rest)
            """)
    }
}

extension String {
    func indented(by count: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false)
            .map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
    }
}

extension OpenAPIReader {
    static let service = OpenAPIReader(.service(basePath: .ignore))
    static let manifest = OpenAPIReader(.manifest())
}

extension OpenAPIReading {
    var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    var codes: [String] { diagnostics.map(\.code) }
    var errorCodes: [String] { errors.map(\.code) }
}

extension APIDefinition {
    func keys(_ kind: ResourceKind) -> [String] { objects.filter { $0.kind == kind }.map(\.key) }
    func document(_ kind: ResourceKind, _ key: String) -> JSONValue? {
        objects.first { $0.kind == kind && $0.key == key }?.document
    }
}
