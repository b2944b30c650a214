import Diagnostics
import JSON
import OpenAPI
import Resources
import Testing

/// Imports whose answers were recorded from AWS: the definition must be what the answers show.
@Suite("Recorded imports", .enabled(if: Samples.hasCorpora, Samples.noCorpora))
struct RecordedTests {
    static let files = ["import-swagger-api", "put-rest-api-base-path-ignore", "put-rest-api-base-path-prepend"]

    @Test("methods, models, resources and authorizers are those of the answers", arguments: files)
    func answers(_ file: String) throws {
        let recording = try Recording(file)
        var compared = 0
        for answer in recording.answers {
            switch answer["request"]?["operation"]?.string {
            case "ImportRestApi", "PutRestApi": try compareAPI(answer, recording)
            case "GetResources": try compareResources(answer, recording)
            case "GetMethod": try compareMethod(answer, recording)
            case "GetIntegration": try compareIntegration(answer, recording)
            case "GetMethodResponse": try compareResponse(answer, recording, of: "methodResponses")
            case "GetIntegrationResponse": try compareResponse(answer, recording, of: "integration")
            case "GetModels": compareModels(answer, recording)
            case "GetAuthorizers": compareAuthorizers(answer, recording)
            default: Issue.record("an answer to \(answer["request"]?["operation"]?.string ?? "nothing")")
            }
            compared += 1
        }
        #expect(compared == recording.answers.count && compared > 5)
        #expect(recording.answers.last { $0["request"]?["operation"] == "GetMethod" } != nil)
    }

    private func compareAPI(_ answer: JSONValue, _ recording: Recording) throws {
        let attributes = recording.definition.attributes
        let response = try #require(answer["response"])
        for name in ["description", "version"] { #expect(attributes[name] == response[name], "\(name)") }
        if response["name"]?.string?.hasPrefix("<") == false { #expect(attributes["name"] == response["name"]) }
        #expect(attributes.names.allSatisfy { ["name", "description", "version"].contains($0) })
        #expect(recording.reading.warnings == (response["warnings"]?.array ?? []).map { $0.string ?? "" })
    }

    private func compareResources(_ answer: JSONValue, _ recording: Recording) throws {
        let items = try #require(answer["response"]?["items"]?.array)
        #expect(recording.definition.keys(.resource) == items.map { $0["path"]?.string ?? "" })
        let methods = items.flatMap { item in
            (item["resourceMethods"]?.object?.names ?? []).map { "\($0) \(item["path"]?.string ?? "")" }
        }
        #expect(recording.definition.keys(.method) == methods.sorted())
    }

    private func compareMethod(_ answer: JSONValue, _ recording: Recording) throws {
        let ours = try #require(recording.method(of: answer))
        var theirs = try #require(answer["response"]?.object)
        theirs["httpMethod"] = nil
        if let id = theirs["authorizerId"]?.string {
            theirs["authorizer"] = recording.authorizerNames[id].map { .string($0) }
        }
        theirs["authorizerId"] = nil
        theirs["integration"] = theirs["methodIntegration"].map(Recording.integration)
        theirs["methodIntegration"] = nil
        theirs["methodResponses"] = theirs["methodResponses"].map(Recording.responses)
        let normal = try #require(KindTable.object(.method)).normalForm(of: .object(theirs))
        #expect(Recording.comparable(ours) == normal)
    }

    private func compareIntegration(_ answer: JSONValue, _ recording: Recording) throws {
        let ours = try #require(recording.method(of: answer)?["integration"])
        let theirs: JSONValue = ["integration": Recording.integration(try #require(answer["response"]))]
        let normal = try #require(KindTable.object(.method)).normalForm(of: theirs)
        #expect(Recording.comparable(ours) == normal["integration"])
    }

    private func compareResponse(_ answer: JSONValue, _ recording: Recording, of member: String) throws {
        let method = try #require(recording.method(of: answer))
        let all = member == "integration" ? method[member]?["integrationResponses"] : method[member]
        let status = try #require(answer["request"]?["statusCode"]?.string)
        let ours = try #require(all?[status])
        var theirs = try #require(answer["response"]?.object)
        theirs["statusCode"] = nil
        #expect(Recording.comparable(ours) == .object(theirs))
    }

    private func compareModels(_ answer: JSONValue, _ recording: Recording) {
        let items = answer["response"]?["items"]?.array ?? []
        #expect(recording.definition.keys(.model) == items.map { $0["name"]?.string ?? "" })
        for item in items {
            let name = item["name"]?.string ?? ""
            #expect(item["contentType"] == "application/json")
            let schema = item["schema"]?.mapStrings { text in
                guard text.hasPrefix("https://"), let slash = text.lastIndex(of: "/") else { return text }
                return "#/definitions" + text[slash...]
            }
            #expect(recording.definition.document(.model, name)?["schema"] == schema)
        }
    }

    private func compareAuthorizers(_ answer: JSONValue, _ recording: Recording) {
        let items = answer["response"]?["items"]?.array ?? []
        #expect(recording.definition.keys(.authorizer) == items.map { $0["name"]?.string ?? "" })
        for item in items {
            var theirs = item.object ?? [:]
            let name = theirs["name"]?.string ?? ""
            theirs["id"] = nil
            theirs["name"] = nil
            #expect(recording.definition.document(.authorizer, name) == .object(theirs))
        }
    }

    @Test("the parts are those that the document lists")
    func documentationParts() throws {
        let keys = try Recording("import-swagger-api").definition.keys(.documentationPart)
        #expect(keys.count == 14)
        #expect(keys.contains("API - - - -"))
        #expect(keys.contains("METHOD /pets/{petId} GET - -"))
        #expect(keys.contains("PATH_PARAMETER /pets/{petId} * - petId"))
        #expect(keys.contains("RESPONSE_HEADER - OPTIONS 200 Access-Control-Allow-Methods"))
        #expect(!keys.contains { $0.hasPrefix("MODEL") })
    }

    @Test("bodies that are no OpenAPI document have the recorded text")
    func badBodies() throws {
        let answers = try #require(try Samples.json("recorded/import-api-bad-file.json")["answers"]?.array)
        #expect(answers.allSatisfy { $0["response"]?["message"]?.string == OpenAPIReading.invalidInputMessage })
        for body in ["[]", "text", "{}", "info: { title: a }", "swagger: 3"] {
            #expect(
                OpenAPIReader.service.read(try Samples.node(body)).errorMessage == OpenAPIReading.invalidInputMessage)
        }
    }
}

/// One recorded test, and what is read of its document.
struct Recording {
    let answers: [JSONValue]
    let reading: OpenAPIReading
    let definition: APIDefinition
    /// By the placeholder of the id.
    let authorizerNames: [String: String]

    init(_ name: String) throws {
        let file = try Samples.json("recorded/\(name).json")
        let bindings = file["bindings"]?.object ?? [:]
        let bound = file.mapStrings { text in
            bindings.reduce(text) { $0.replacing($1.name, with: $1.value.string ?? "") }
        }
        answers = bound["answers"]?.array ?? []
        let first = try #require(answers.first?["request"])
        let body = try #require(first["bodyFile"]?.string)
        let node = try #require(try Samples.parse("recorded/" + body).node)
        let mode = first["parameters"]?["basepath"]?.string.flatMap { OpenAPIReader.BasePath(rawValue: $0) } ?? .ignore
        reading = OpenAPIReader(.service(basePath: mode)).read(node)
        definition = try #require(reading.definition, "\(reading.diagnostics)")
        let authorizers = answers.first { $0["request"]?["operation"] == "GetAuthorizers" }
        authorizerNames = Dictionary(
            uniqueKeysWithValues: (authorizers?["response"]?["items"]?.array ?? []).map {
                ($0["id"]?.string ?? "", $0["name"]?.string ?? "")
            })
    }

    func method(of answer: JSONValue) -> JSONValue? {
        let request = answer["request"]
        let key = "\(request?["httpMethod"]?.string ?? "") \(request?["resourcePath"]?.string ?? "")"
        return definition.document(.method, key)
    }

    /// The recording shows the resource's own cache namespace and the code of each response, which are no part of a
    /// normal form.
    static func integration(_ value: JSONValue) -> JSONValue {
        guard var object = value.object else { return value }
        object["cacheNamespace"] = nil
        object["integrationResponses"] = object["integrationResponses"].map(responses)
        return .object(object)
    }

    static func responses(_ value: JSONValue) -> JSONValue {
        guard let object = value.object else { return value }
        return .object(
            JSONObject(
                object.map { status, response in
                    var document = response.object ?? [:]
                    document["statusCode"] = nil
                    return (status, .object(document))
                }))
    }

    /// Texts that are JSON were recorded as JSON.
    static func comparable(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text) where text.hasPrefix("{"): (try? JSONValue(parsing: text)) ?? value
        case .array(let elements): .array(elements.map(comparable))
        case .object(let object): .object(JSONObject(object.map { ($0.name, comparable($0.value)) }))
        default: value
        }
    }
}
