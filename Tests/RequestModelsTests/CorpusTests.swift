import Foundation
import JSON
import Testing

@testable import RequestModels

/// One test of the draft's own suite.
struct CorpusCase: Sendable, CustomTestStringConvertible {
    var id: String
    var schema: JSONValue
    var data: JSONValue
    var isValid: Bool

    var testDescription: String { id }

    static let folder = ProcessInfo.processInfo.environment["GATEWRIGHT_CORPORA"].map { $0 + "/json-schema-draft4" }

    static let all: [CorpusCase] = {
        guard let folder else { return [] }
        var cases: [CorpusCase] = []
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        for file in files.sorted() where file.hasSuffix(".json") && !file.hasPrefix("remotes") {
            guard let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8),
                let groups = try? JSONValue(parsing: text)
            else { continue }
            for group in groups.array ?? [] {
                for test in group["tests"]?.array ?? [] {
                    let names = [file, group["description"]?.string ?? "", test["description"]?.string ?? ""]
                    cases.append(
                        CorpusCase(
                            id: names.joined(separator: ": "), schema: group["schema"] ?? .null,
                            data: test["data"] ?? .null, isValid: test["valid"] == true))
                }
            }
        }
        return cases
    }()

    /// Why the service has no such schema; nil for what it has.
    var exception: String? {
        if id.hasPrefix("refRemote.json") { return "a model refers to models of its API, never to other addresses" }
        if id.hasPrefix("optional/id.json") { return "a model is known by its name: `id` names nothing" }
        if id.hasPrefix("ref.json"), Self.hasForeignReference(schema) {
            return "a model is known by its name, and refers to nothing outside its API"
        }
        return nil
    }

    private static func hasForeignReference(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object):
            object.contains { name, value in
                (name == "$ref" && value.string?.hasPrefix("http") == true)
                    || (name == "id" && value.string != nil) || hasForeignReference(value)
            }
        case .array(let elements): elements.contains(where: hasForeignReference)
        default: false
        }
    }
}

@Suite("JSON Schema's own tests", .enabled(if: CorpusCase.folder != nil, "GATEWRIGHT_CORPORA is not set"))
struct CorpusTests {
    @Test("the corpus has all of its tests, and few are left out")
    func isWhole() {
        #expect(CorpusCase.all.count == 441)
        #expect(CorpusCase.all.filter { $0.exception != nil }.count == 14)
    }

    @Test("a value fits a schema or not as the draft says", arguments: CorpusCase.all.filter { $0.exception == nil })
    func agrees(_ test: CorpusCase) throws {
        let schema = try ModelSchema(parsing: test.schema.text(.compact))
        let verdict = schema.verdict(on: test.data)
        #expect((verdict == .fits) == test.isValid, "\(verdict)")
        if case .differs(let mismatches) = verdict { #expect(!mismatches.isEmpty) }
    }

    @Test("what is left out is refused, or fits by what the schema says itself")
    func exceptions() {
        for test in CorpusCase.all where test.exception != nil {
            do {
                _ = try ModelSchema(parsing: test.schema.text(.compact))
            } catch {
                #expect(error.code == .unknownReference, "\(test.id): \(error)")
            }
        }
    }
}
