import JSON
import MappingTemplates
import Testing

@Suite(.enabled(if: RecordedCase.folder != nil, "GATEWRIGHT_CORPORA is not set"))
struct RecordedCaseTests {
    @Test("the corpus has all of its cases")
    func corpusIsWhole() { #expect(RecordedCase.all.count == 119) }

    @Test("a recorded template renders as the service rendered it", arguments: RecordedCase.all)
    func renders(_ recorded: RecordedCase) throws {
        // The whole path: the request template carries the body over in an override, the response template reads it.
        let request = try MappingTemplate(parsing: RecordedCase.text("request-template.vtl"))
            .render(TemplateInput(body: recorded.requestBody))
        #expect(request.context["requestOverride"]?["path"]?["body"]?.string == recorded.requestBody)
        #expect(request.text.contains("\"statusCode\": 200,"))
        let response = try MappingTemplate(parsing: recorded.responseTemplate)
            .render(TemplateInput(body: nil, context: request.context))
        if let expected = recorded.expected {
            #expect(response.text == expected)
        } else {
            #expect(try JSONValue(parsing: response.text) == recorded.expectedJSON)
        }
    }
}
