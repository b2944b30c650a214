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
