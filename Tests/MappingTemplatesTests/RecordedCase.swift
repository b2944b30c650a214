import Foundation
import JSON
import MappingTemplates
import Testing

/// A template that the service rendered, and what it gave.
struct RecordedCase: Sendable, CustomTestStringConvertible {
    var id: String
    var requestBody: String
    var responseTemplate: String
    var expected: String?
    var expectedJSON: JSONValue?

    var testDescription: String { id }

    static let folder = ProcessInfo.processInfo.environment["GATEWRIGHT_CORPORA"].map { $0 + "/vtl" }

    static func text(_ file: String) throws -> String {
        try String(contentsOfFile: "\(folder ?? "")/\(file)", encoding: .utf8)
    }

    static let all: [RecordedCase] = {
        guard folder != nil, let text = try? text("cases.json"), let json = try? JSONValue(parsing: text) else {
            return []
        }
        return (json.array ?? json["cases"]?.array ?? []).map { entry in
            RecordedCase(
                id: entry["id"]?.string ?? "", requestBody: entry["requestBody"]?.string ?? "",
                responseTemplate: entry["responseTemplate"]?.string ?? "", expected: entry["expected"]?.string,
                expectedJSON: entry["expectedJSON"])
        }
    }()
}

/// Renders a template over a body, for tests.
func render(_ template: String, body: String? = nil, context: JSONObject = [:]) throws(TemplateFailure) -> String {
    try MappingTemplate(parsing: template).render(TemplateInput(body: body, context: context)).text
}

/// The code that parsing or rendering fails with; nil if it does not fail.
func failure(
    _ template: String, body: String? = nil, limits: TemplateLimits = .standard
) -> TemplateFailure? {
    do throws(TemplateFailure) {
        _ = try MappingTemplate(parsing: template).render(TemplateInput(body: body), limits: limits)
        return nil
    } catch { return error }
}

/// Seeded, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
