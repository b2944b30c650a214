import Diagnostics
import JSON
import OpenAPI
import Testing

/// A document with one fault: what a manifest is told, and where.
struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let yaml: String
    let code: OpenAPICode
    /// The text that the span starts at; the line must have it.
    let at: String
    /// Part of the message.
    var says = ""
    /// Part of the remedy.
    var remedy = ""
    /// What the engine says: a part of the service's text; nil where it accepts the document.
    var service: String?
}

@Suite("Refusals")
struct RefusalTests {
    @Test("a fault is refused with its code, place and remedy", arguments: Refusal.all)
    func refused(_ refusal: Refusal) throws {
        let node = try Samples.node(refusal.yaml)
        let reading = OpenAPIReader.manifest.read(node)
        #expect(reading.definition == nil)
        #expect(reading.errorCodes == [refusal.code.rawValue], "\(reading.diagnostics)")
        let error = try #require(reading.errors.first)
        let span = try #require(error.spans.first)
        let lines = refusal.yaml.split(separator: "\n", omittingEmptySubsequences: false)
        let rest = lines[span.line - 1].unicodeScalars.dropFirst(span.column - 1)
        #expect(String(rest).hasPrefix(refusal.at), "\(span) of \(lines[span.line - 1])")
        #expect(error.message.contains(refusal.says), "\(error.message)")
        #expect((error.remedy ?? "").contains(refusal.remedy), "\(error.remedy ?? "no remedy")")
        #expect(!error.message.hasSuffix("."))

        let service = OpenAPIReader.service.read(node)
        if let text = refusal.service {
            #expect(service.errorMessage?.contains(text) == true, "\(service.errorMessage ?? "accepted")")
        } else {
            #expect(service.errorMessage == nil)
        }
    }

    @Test("problems end at the limit, with a last one that says so")
    func limit() throws {
        let paths = (0..<600).map { "  /p\($0): { get: {} }" }.joined(separator: "\n")
        let reading = OpenAPIReader.manifest.read(try Samples.node(Samples.document("paths:\n\(paths)")))
        #expect(reading.diagnostics.count == 501)
        #expect(reading.codes.filter { $0 == OpenAPICode.tooManyProblems.rawValue }.count == 1)
    }

    @Test("any number of warnings is no error, and hides none")
    func warningsOnly() throws {
        let cookies = (0..<600).map { "  - { name: c\($0), in: cookie }" }.joined(separator: "\n")
        let accepted = OpenAPIReader.manifest.read(try Samples.node(Samples.operation("parameters:\n\(cookies)")))
        #expect(accepted.definition != nil)
        #expect(accepted.diagnostics.count == 501)
        let refused = OpenAPIReader.manifest.read(
            try Samples.node(Samples.operation("parameters:\n\(cookies)\nresponses: []")))
        #expect(refused.errorCodes == [OpenAPICode.wrongType.rawValue])
    }

    @Test("paths and resources have limits")
    func sizes() throws {
        let long = "/" + String(repeating: "a", count: 2_047)
        func read(_ path: String) throws -> OpenAPIReading {
            let document: JSONValue = ["openapi": "3.0.1", "info": ["title": "a"], "paths": [path: [:]]]
            return OpenAPIReader.manifest.read(try Samples.node(of: document))
        }
        #expect(try read(long).errors.isEmpty)
        #expect(try read(long + "a").errorCodes == [OpenAPICode.tooLarge.rawValue])
        let paths = (0..<2_501).map { "  /a\($0)/b: {}" }
        let many = OpenAPIReader.manifest.read(
            try Samples.node(Samples.document("paths:\n" + paths.joined(separator: "\n"))))
        #expect(many.errorCodes == [OpenAPICode.tooLarge.rawValue])
        let fewer = OpenAPIReader.manifest.read(
            try Samples.node(Samples.document("paths:\n" + paths.dropLast().joined(separator: "\n"))))
        #expect(fewer.errors.isEmpty)
    }

    @Test("what is said of long names is short")
    func shortMessages() throws {
        let name = String(repeating: "n", count: 100_000)
        let reading = OpenAPIReader.manifest.read(
            try Samples.node(of: ["openapi": "3.0.1", "info": ["title": "a"], "paths": [name: [:]]]))
        #expect(reading.errorCodes == [OpenAPICode.tooLarge.rawValue])
        let type = OpenAPIReader.manifest.read(
            try Samples.node(Samples.operation("operationId: a", integration: "{ type: \(name) }")))
        #expect(type.errors.first.map { $0.message.utf8.count < 2_100 } == true)
    }

    @Test("one fault does not hide another")
    func collected() throws {
        let reading = OpenAPIReader.manifest.read(
            try Samples.node(
                """
                openapi: 3.0.1
                info: {}
                paths:
                  pets: {}
                  /a: { get: { x-amazon-apigateway-integration: { type: mok, timeoutInMillis: 1 } } }
                  /b: { post: { responses: [] } }
                components: { schemas: { a-b: {} } }
                """))
        #expect(
            reading.errorCodes == [
                "openapi.missing-member", "openapi.invalid-path", "openapi.invalid-value",
                "openapi.missing-integration",
                "openapi.wrong-type", "openapi.invalid-model",
            ])
    }

    @Test("every code is explained")
    func explained() {
        for code in OpenAPICode.allCases {
            #expect(code.rawValue.hasPrefix("openapi."))
            #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.isEmpty)
        }
        #expect(Set(OpenAPICode.allCases.map(\.explanation.meaning)).count == OpenAPICode.allCases.count)
    }
}
