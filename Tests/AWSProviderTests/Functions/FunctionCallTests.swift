import HTTPTypes
import JSON
import Resources
import SigV4
import Synchronization
import Testing

@testable import AWSProvider

/// The calls of Lambda as they are sent, and replies that are no good.
@Suite("Calls about functions")
struct FunctionCallTests {
    /// Notes what is asked, and answers from a list; the last answer is given again.
    private final class Script: Sendable {
        private let state: Mutex<(asked: [(String, JSONValue?)], answers: [(Int, String)])>

        init(_ answers: [(Int, String)]) { state = Mutex(([], answers)) }

        var asked: [String] { state.withLock { $0.asked.map(\.0) } }
        func body(_ position: Int) -> JSONValue? { state.withLock { $0.asked[position].1 } }

        func answer(_ request: HTTPRequest, _ body: [UInt8]) -> (HTTPResponse, [UInt8]) {
            state.withLock { state in
                state.asked.append(
                    ("\(request.method) \(request.path ?? "")", body.isEmpty ? nil : try? JSONValue(parsing: body)))
                let (status, text) = state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
                var response = HTTPResponse(status: .init(code: status))
                let type = (try? JSONValue(parsing: text))?["__type"]?.string
                if let type, let name = HTTPField.Name("x-amzn-errortype") { response.headerFields[name] = type }
                return (response, Array(text.utf8))
            }
        }
    }

    private static let arn = "arn:aws:lambda:us-east-1:123456789012:function:hello"
    private static let made = #"{"FunctionName": "hello", "FunctionArn": "\#(arn)", "State": "Active"}"#

    private static func document(_ kind: ResourceKind) -> JSONObject {
        switch kind {
        case .function:
            [
                "name": "hello", "runtime": "python3.13", "handler": "a.b", "code": "H", "role": "arn:role",
                "environment": ["KEY": "value"], "tags": ["a": "b"],
            ]
        case .alias: ["function": "hello", "version": "3"]
        default: ["function": "hello", "principal": "apigateway.amazonaws.com", "sourceArn": "arn:x"]
        }
    }

    private static func address(_ kind: ResourceKind) -> Address {
        switch kind {
        case .function: Address(.function, "hello")
        case .alias: Address(.alias, in: "hello", "live")
        default: Address(.permission, in: "hello", "live gateway")
        }
    }

    private func perform(_ kind: ResourceKind, _ operation: String, _ script: Script) async throws -> Identity? {
        let transport = InProcessTransport { request, body in script.answer(request, body) }
        var clients = ServiceClients(
            transport: transport,
            credentials: FixedCredentials(SigningCredentials(accessKeyID: "AKIATEST", secretAccessKey: "secret")),
            region: "us-east-1", hosts: .init(aws: "us-east-1"), now: { 1_700_000_000 })
        let shelf = FakeShelf()
        try shelf.keep(CodeArchive(hash: "H", bytes: [1, 2, 3]))
        clients.code = shelf
        let handler = try #require(clients.handler(of: kind))
        let isCreate = operation.hasPrefix("Create") || operation.hasPrefix("Add")
        let document = Self.document(kind)
        var before = document
        before["tags"] = ["old": "x"]
        return try await handler.perform(
            ObjectCall(
                operation: operation, address: Self.address(kind), before: isCreate ? nil : before,
                after: operation.hasPrefix("Delete") || operation.hasPrefix("Remove") ? nil : document,
                identity: isCreate
                    ? nil
                    : Identity(
                        physicalID: kind == .alias ? Self.arn + ":live" : "hello", attributes: ["arn": Self.arn]),
                context: StepContext(
                    environment: "dev", token: "t0", identities: [:], commit: String(repeating: "a", count: 40))))
    }

    private static let calls: [(ResourceKind, String, [String])] = [
        (.function, "CreateFunction", ["POST /2015-03-31/functions"]),
        (.function, "UpdateFunctionCode", ["PUT /2015-03-31/functions/hello/code"]),
        (.function, "UpdateFunctionConfiguration", ["PUT /2015-03-31/functions/hello/configuration"]),
        (.function, "PutFunctionConcurrency", ["PUT /2017-10-31/functions/hello/concurrency"]),
        (.function, "DeleteFunctionConcurrency", ["DELETE /2017-10-31/functions/hello/concurrency"]),
        (.function, "DeleteFunction", ["DELETE /2015-03-31/functions/hello"]),
        (.function, "AwaitFunction", ["GET /2015-03-31/functions/hello/configuration"]),
        (.alias, "CreateAlias", ["POST /2015-03-31/functions/hello/aliases"]),
        (.alias, "UpdateAlias", ["PUT /2015-03-31/functions/hello/aliases/live"]),
        (.alias, "DeleteAlias", ["DELETE /2015-03-31/functions/hello/aliases/live"]),
        (.permission, "AddPermission", ["POST /2015-03-31/functions/hello/policy?Qualifier=live"]),
        (.permission, "RemovePermission", ["DELETE /2015-03-31/functions/hello/policy/gateway?Qualifier=live"]),
    ]

    @Test("each call goes to its place", arguments: calls)
    func places(_ kind: ResourceKind, _ operation: String, _ asked: [String]) async throws {
        let good =
            kind == .alias ? #"{"AliasArn": "\#(Self.arn):live", "Name": "live", "FunctionVersion": "3"}"# : Self.made
        let script = Script([(200, good)])
        _ = try await perform(kind, operation, script)
        #expect(script.asked == asked)
    }

    @Test("a create says all at once, defaults and marks among it")
    func create() async throws {
        let script = Script([(201, Self.made)])
        let identity = try await perform(.function, "CreateFunction", script)
        #expect(identity?.attribute("invokeArn")?.hasSuffix("/functions/\(Self.arn)/invocations") == true)
        let body = try #require(script.body(0))
        #expect(body["FunctionName"] == "hello" && body["Code"] == ["ZipFile": "AQID"])
        #expect(body["Environment"] == ["Variables": ["KEY": "value"]])
        #expect(body["MemorySize"] == 128 && body["Timeout"] == 3)
        #expect(body["Tags"]?["a"] == "b" && body["Tags"]?["gatewright:token"] == "t0")
        let policy = Script([(201, "{}")])
        _ = try await perform(.permission, "AddPermission", policy)
        #expect(
            policy.body(0) == [
                "StatementId": "gateway", "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com", "SourceArn": "arn:x",
            ])
        let alias = Script([(200, #"{"AliasArn": "\#(Self.arn):live", "Name": "live"}"#)])
        _ = try await perform(.alias, "UpdateAlias", alias)
        // What a document lacks is taken away.
        #expect(
            alias.body(0) == [
                "FunctionVersion": "3", "Description": "", "RoutingConfig": ["AdditionalVersionWeights": [:]],
            ])
    }

    @Test("tags that go and tags that come are a call each")
    func tags() async throws {
        let script = Script([(204, "")])
        _ = try await perform(.function, "TagFunction", script)
        let path = "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Ahello"
        #expect(script.asked == ["POST \(path)", "DELETE \(path)?tagKeys=old"])
        #expect(script.body(0) == ["Tags": ["a": "b"]])
    }

    @Test(
        "a reply without what a create must give is lost, not believed",
        arguments: [
            "", "{}", "[]", "null", "not json", #"{"FunctionName": 7, "AliasArn": 7}"#,
            #"{"FunctionName": "hello", "FunctionArn": "short", "AliasArn": "short", "Name": "live"}"#,
        ], [(ResourceKind.function, "CreateFunction"), (.alias, "CreateAlias"), (.alias, "UpdateAlias")])
    func badCreate(_ text: String, _ call: (ResourceKind, String)) async throws {
        await #expect(throws: ProviderFailure.self) {
            _ = try await perform(call.0, call.1, Script([(200, text)]))
        }
    }

    @Test(
        "what is gone already was removed",
        arguments: calls.filter { $0.1.hasPrefix("Delete") || $0.1.hasPrefix("Remove") })
    func gone(_ kind: ResourceKind, _ operation: String, _ asked: [String]) async throws {
        let gone = #"{"__type": "ResourceNotFoundException", "message": "not there"}"#
        #expect(try await perform(kind, operation, Script([(404, gone)])) == nil)
    }

    @Test(
        "a function that is being changed is tried again later",
        arguments: [
            (ResourceKind.function, "UpdateFunctionCode"), (.function, "UpdateFunctionConfiguration"),
            (.function, "DeleteFunction"), (.alias, "UpdateAlias"), (.alias, "DeleteAlias"),
        ])
    func busy(_ kind: ResourceKind, _ operation: String) async throws {
        let busy = #"{"__type": "ResourceConflictException", "message": "an update is in progress"}"#
        do {
            _ = try await perform(kind, operation, Script([(409, busy)]))
            Issue.record("\(operation) was believed")
        } catch let failure as ProviderFailure {
            guard case .deferred = failure.effect else {
                Issue.record("\(failure)")
                return
            }
        }
    }

    @Test("a function that failed is refused with the service's words, and one that is gone is not waited for")
    func unusable() async throws {
        let failed = Script([(200, #"{"State": "Failed", "StateReason": "the role is gone"}"#)])
        let failure = await #expect(throws: ProviderFailure.self) {
            _ = try await perform(.function, "AwaitFunction", failed)
        }
        #expect(failure?.message.contains("the role is gone") == true)
        let gone = Script([(404, #"{"__type": "ResourceNotFoundException", "message": "x"}"#)])
        await #expect(throws: ProviderFailure.self) { _ = try await perform(.function, "AwaitFunction", gone) }
    }

    @Test(
        "an alias whose versions cannot be read, or hold something else, is not moved",
        arguments: ["{}", #"{"Versions": []}"#])
    func versions(_ text: String) async throws {
        let script = Script([(200, text)])
        let transport = InProcessTransport { request, body in script.answer(request, body) }
        let clients = ServiceClients(
            transport: transport,
            credentials: FixedCredentials(SigningCredentials(accessKeyID: "AKIATEST", secretAccessKey: "secret")),
            region: "us-east-1", hosts: .init(aws: "us-east-1"), now: { 1_700_000_000 })
        let handler = AliasHandler(client: clients.lambda, secrets: nil)
        let content: JSONObject = ["function": "hello", "content": ["code": "H", "runtime": "x"]]
        await #expect(throws: ProviderFailure.self) {
            _ = try await handler.perform(
                ObjectCall(
                    operation: "UpdateAlias", address: Self.address(.alias), before: content, after: content,
                    identity: Identity(physicalID: Self.arn + ":live"),
                    context: StepContext(
                        environment: "dev", token: "t0", identities: [:], commit: String(repeating: "a", count: 40))))
        }
        #expect(script.asked == ["GET /2015-03-31/functions/hello/versions"])
    }
}
