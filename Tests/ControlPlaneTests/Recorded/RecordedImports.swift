import ControlPlane
import JSON
import Testing

/// Every import recorded from the service, made again here: same status, same answer.
@Suite(.enabled(if: Corpus.folder != nil, "GATEWRIGHT_CORPORA is not set"))
struct RecordedImports {
    @Test(
        "the engine answers a recorded import as the service did",
        arguments: [
            "import-api-bad-file", "import-swagger-api", "put-rest-api-base-path-ignore",
            "put-rest-api-base-path-prepend",
        ])
    func replay(_ name: String) async throws {
        let recorded = try JSONValue(parsing: try Corpus.bytes("recorded/\(name).json"))
        var replay = Replay(engine: try await Engine(), bindings: recorded["bindings"]?.object ?? [:])
        for request in recorded["setup"]?.array ?? [] {
            _ = try await replay.make(request)
        }
        let answers = try #require(recorded["answers"]?.array)
        #expect(!answers.isEmpty)
        for answer in answers {
            let label = answer["label"]?.string ?? ""
            let given = try await replay.make(try #require(answer["request"]))
            #expect(given.status == answer["status"]?.int, "\(label)")
            let expected = try #require(answer["response"])
            if let error = expected["Error"] {
                #expect(given.errorType == error["Code"]?.string, "\(label)")
                #expect(try given.message == error["Message"]?.string, "\(label)")
            } else {
                let body = replay.asSDK(try given.body, sortedBy: answer["request"]?["itemsSortedBy"]?.string)
                replay.compare(body, expected, at: label)
            }
        }
    }
}

/// One recording under way: what its placeholders stand for, and where its API is.
struct Replay {
    let engine: Engine
    private var values: [String: String] = [:]
    private var apiID = "12345678"

    init(engine: Engine, bindings: JSONObject) {
        self.engine = engine
        for (name, value) in bindings { values[name] = value.string }
    }

    mutating func make(_ request: JSONValue) async throws -> Engine.Answer {
        let operation = request["operation"]?.string ?? ""
        var bytes: [UInt8] = []
        if let file = request["bodyFile"]?.string { bytes = try Corpus.bytes("recorded/\(file)") }
        if operation == "CreateRestApi" { bytes = JSONValue.object(["name": request["name"] ?? "any"]).bytes(.compact) }
        let (method, path) = try await route(operation, request)
        let answer = try await engine.send(method, path, bytes: bytes)
        if let id = try? answer.body["id"]?.string, operation.hasSuffix("RestApi") { apiID = id }
        return answer
    }

    private func route(_ operation: String, _ request: JSONValue) async throws -> (String, String) {
        var query: [String] = []
        for (name, value) in request["parameters"]?.object ?? [:] { query.append("\(name)=\(value.string ?? "")") }
        if let mode = request["mode"]?.string { query.append("mode=\(mode)") }
        if request["failOnWarnings"] == true { query.append("failonwarnings=true") }
        let tail = query.isEmpty ? "" : "?" + query.joined(separator: "&")
        let api = "/restapis/\(apiID)"
        switch operation {
        case "CreateRestApi": return ("POST", "/restapis")
        case "ImportRestApi":
            return ("POST", "/restapis?mode=import" + (query.isEmpty ? "" : "&" + query.joined(separator: "&")))
        case "PutRestApi": return ("PUT", api + tail)
        case "GetAuthorizers": return ("GET", api + "/authorizers")
        case "GetModels": return ("GET", api + "/models")
        case "GetResources": return ("GET", api + "/resources")
        default: break
        }
        let resources = try await engine.make("GET", api + "/resources?limit=500")
        let resource = try #require(
            resources["item"]?.array?.first { $0["path"] == request["resourcePath"] }?["id"]?.string)
        let method = "\(api)/resources/\(resource)/methods/\(request["httpMethod"]?.string ?? "")"
        let status = request["statusCode"]?.string ?? ""
        switch operation {
        case "GetMethod": return ("GET", method)
        case "GetMethodResponse": return ("GET", method + "/responses/\(status)")
        case "GetIntegration": return ("GET", method + "/integration")
        case "GetIntegrationResponse": return ("GET", method + "/integration/responses/\(status)")
        default: throw Corpus.Unreadable(path: operation)
        }
    }

    /// What an SDK makes of the answer: `item` is called `items`.
    func asSDK(_ body: JSONValue, sortedBy key: String?) -> JSONValue {
        guard var object = body.object, let items = object["item"]?.array else { return body }
        object["item"] = nil
        object["items"] = .array(items.sorted { ($0[key ?? ""]?.string ?? "") < ($1[key ?? ""]?.string ?? "") })
        return .object(object)
    }

    mutating func compare(_ given: JSONValue?, _ expected: JSONValue, at place: String) {
        switch expected {
        case .object(let members):
            var object = given?.object
            if object == nil, let text = given?.string { object = (try? JSONValue(parsing: text))?.object }
            guard let object else {
                Issue.record("\(place): \(String(describing: given)) is no object")
                return
            }
            #expect(Set(object.names) == Set(members.names), "\(place)")
            for (name, value) in members { compare(object[name], value, at: "\(place).\(name)") }
        case .array(let elements):
            let array = given?.array ?? []
            #expect(array.count == elements.count, "\(place)")
            for (position, element) in elements.enumerated() where position < array.count {
                compare(array[position], element, at: "\(place)[\(position)]")
            }
        case .string("datetime"):
            #expect(given?.number != nil, "\(place) is a date")
        case .string(let text):
            #expect(given?.string == resolved(text, given?.string), "\(place)")
        default:
            #expect(given == expected, "\(place)")
        }
    }

    /// The text with its placeholders replaced; one that is met for the first time stands for what is given.
    private mutating func resolved(_ text: String, _ given: String?) -> String {
        if text.hasPrefix("<"), text.hasSuffix(">"), text.dropFirst().allSatisfy({ $0 != "<" }), values[text] == nil {
            values[text] = given
        }
        var result = text
        for (name, value) in values {
            if let range = result.firstRange(of: name) { result.replaceSubrange(range, with: value) }
        }
        return result
    }
}
