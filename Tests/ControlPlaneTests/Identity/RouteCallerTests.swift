import ControlPlane
import DataPlane
import HTTPTypes
import JSON
import SigV4
import Testing

/// What the data plane knows of the account: users, keys, sessions and policies decide about deployed routes.
@Suite struct RouteCallerTests {
    /// An engine with a route under IAM control, `GET /` of the stage `test`.
    private struct World {
        var engine: Engine
        let api: String

        init(_ engine: Engine) async throws {
            self.engine = engine
            let made = try await Self.rest(engine, "POST", "/restapis", ["name": "pets"])
            api = try #require(made["id"]?.string)
            let root = try #require(made["rootResourceId"]?.string)
            let method = "/restapis/\(api)/resources/\(root)/methods/GET"
            try await Self.rest(engine, "PUT", method, ["authorizationType": "AWS_IAM"])
            try await Self.rest(engine, "PUT", method + "/responses/200", [:])
            try await Self.rest(
                engine, "PUT", method + "/integration",
                ["type": "MOCK", "requestTemplates": ["application/json": #"{"statusCode": 200}"#]])
            try await Self.rest(engine, "PUT", method + "/integration/responses/200", [:])
            try await Self.rest(engine, "POST", "/restapis/\(api)/deployments", ["stageName": "test"])
        }

        @discardableResult
        private static func rest(
            _ engine: Engine, _ method: String, _ path: String, _ body: JSONValue
        ) async throws -> JSONValue {
            var request = HTTPRequest(
                method: try #require(HTTPRequest.Method(method)), scheme: "http", authority: "127.0.0.1:4600",
                path: path)
            Signer.sign(
                &request, body: body.bytes(.compact), credentials: Engine.rootSigning,
                scope: SigningScope(service: "apigateway", region: "us-east-1"),
                at: SigningDate(secondsSince1970: Engine.now))
            let answer = await engine.plane.respond(to: request, body: body.bytes(.compact))
            try #require(
                (200..<300).contains(answer.response.status.code), "\(String(decoding: answer.body, as: UTF8.self))")
            return answer.body.isEmpty ? .null : try JSONValue(parsing: answer.body)
        }

        /// The status of a call that these credentials signed, and the type of a refusal.
        func call(_ credentials: SigningCredentials, at seconds: Int = Engine.now) throws -> String {
            var request = HTTPRequest(
                method: .get, scheme: nil, authority: "\(api).execute-api.test", path: "/test/")
            Signer.sign(
                &request, body: [], credentials: credentials,
                scope: SigningScope(service: "execute-api", region: "us-east-1"),
                at: SigningDate(secondsSince1970: seconds))
            let path = Array("/test/".utf8)
            var received = ExchangeRequest(
                method: "GET", rest: path[5...], authority: Array((request.authority ?? "").utf8)[...],
                headers: HeaderFields(request.headerFields.map { (name: $0.name.rawName, value: $0.value) }),
                identity: ExchangeIdentity(high: 0, low: 0, extended: 0, milliseconds: Int64(seconds) * 1000),
                sourceIP: "192.0.2.1")
            received.path = path[...]
            let snapshot = try #require(engine.snapshots.snapshot(apiID: api, stageName: "test"))
            var exchange = try #require(snapshot.exchange(for: received))
            switch exchange.open() {
            case .fixed: return "200"
            case .respond(let response):
                return "\(response.status)" + (response.headers.first("x-amzn-ErrorType").map { " \($0)" } ?? "")
            case .collect, .call, .authorize, .fetchKeys: return "neither served nor refused"
            }
        }
    }

    private static let invoke = Documents.allow("execute-api:Invoke")
    private static let denied = "403 AccessDeniedException"
    private static let unknown = "403 UnrecognizedClientException"

    @Test("users, sessions of roles and of users, federated users and the root call as their policies say")
    func kinds() async throws {
        let world = try await World(try await Engine.strict())
        let engine = world.engine
        #expect(try world.call(Engine.rootSigning) == "200")
        let dev = try await engine.user("dev", Documents.allowAll)
        #expect(try world.call(dev) == "200")
        #expect(try world.call(try await engine.user("other")) == Self.denied)

        let token = await engine.done("GetSessionToken", service: "sts", as: dev)
        #expect(try world.call(Engine.credentials(token)) == "200")

        let trust = Documents.trust("AWS", Engine.userARN("dev"))
        await engine.done("CreateRole", ("RoleName", "reader"), ("AssumeRolePolicyDocument", trust))
        let session = try await engine.assume("reader", as: dev)
        #expect(try world.call(session) == Self.denied)
        await engine.done(
            "PutRolePolicy", ("RoleName", "reader"), ("PolicyName", "p"), ("PolicyDocument", Self.invoke))
        #expect(try world.call(session) == "200")
        #expect(try world.call(session, at: Engine.now + 3_599) == "200")
        #expect(try world.call(session, at: Engine.now + 3_600) == "403 ExpiredTokenException")
        let limited = try await engine.assume("reader", as: dev, ("Policy", Documents.allow("s3:*")))
        #expect(try world.call(limited) == Self.denied)

        let federated = await engine.done(
            "GetFederationToken", ("Name", "bob"), ("Policy", Self.invoke), service: "sts", as: dev)
        #expect(try world.call(Engine.credentials(federated)) == "200")
        let bare = await engine.done("GetFederationToken", ("Name", "bob"), service: "sts", as: dev)
        #expect(try world.call(Engine.credentials(bare)) == Self.denied)
    }

    @Test("groups, versions of policies, boundaries and tags hold for the next call")
    func atOnce() async throws {
        let world = try await World(try await Engine.strict())
        let engine = world.engine
        let dev = try await engine.user("dev")
        let policy = await engine.done("CreatePolicy", ("PolicyName", "invoke"), ("PolicyDocument", Self.invoke))
        let arn = try #require(policy["Arn"])
        #expect(try world.call(dev) == Self.denied)
        await engine.done("CreateGroup", ("GroupName", "callers"))
        await engine.done("AttachGroupPolicy", ("GroupName", "callers"), ("PolicyArn", arn))
        await engine.done("AddUserToGroup", ("GroupName", "callers"), ("UserName", "dev"))
        #expect(try world.call(dev) == "200")
        await engine.done(
            "CreatePolicyVersion", ("PolicyArn", arn), ("PolicyDocument", Documents.allow("s3:*")),
            ("SetAsDefault", "true"))
        #expect(try world.call(dev) == Self.denied)
        await engine.done("SetDefaultPolicyVersion", ("PolicyArn", arn), ("VersionId", "v1"))
        #expect(try world.call(dev) == "200")
        await engine.done(
            "PutUserPermissionsBoundary", ("UserName", "dev"),
            ("PermissionsBoundary", "arn:aws:iam::aws:policy/IAMReadOnlyAccess"))
        #expect(try world.call(dev) == Self.denied)
        await engine.done("DeleteUserPermissionsBoundary", ("UserName", "dev"))
        #expect(try world.call(dev) == "200")
        let tagged = """
            {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"execute-api:Invoke","Resource":"*",
             "Condition":{"StringEquals":{"aws:PrincipalTag/state":"left"}}}}
            """
        await engine.done(
            "PutUserPolicy", ("UserName", "dev"), ("PolicyName", "p"), ("PolicyDocument", tagged))
        #expect(try world.call(dev) == "200")
        await engine.done(
            "TagUser", ("UserName", "dev"), ("Tags.member.1.Key", "state"), ("Tags.member.1.Value", "left"))
        #expect(try world.call(dev) == Self.denied)
        await engine.done("RemoveUserFromGroup", ("GroupName", "callers"), ("UserName", "dev"))
        await engine.done("DeleteAccessKey", ("UserName", "dev"), ("AccessKeyId", dev.accessKeyID))
        #expect(try world.call(dev) == Self.unknown)
    }

    @Test("a key and a session call after a restart as before it, and the call is the key's last use")
    func restart() async throws {
        let folder = try TemporaryFolder()
        func open() async throws -> Engine {
            try await Engine.strict(
                database: folder.path + "/engine.db", configure: { $0.sealingKey = [UInt8](repeating: 7, count: 32) })
        }
        var world = try await World(try await open())
        let dev = try await world.engine.user("dev", Documents.allowAll)
        let session = try Engine.credentials(await world.engine.done("GetSessionToken", service: "sts", as: dev))
        #expect(try world.call(dev) == "200" && world.call(session) == "200")
        await world.engine.plane.close()
        world.engine = try await open()
        #expect(try world.call(dev) == "200" && world.call(session) == "200")
        let use = await world.engine.done("GetAccessKeyLastUsed", ("AccessKeyId", dev.accessKeyID))
        #expect(use["ServiceName"] == "execute-api" && use["Region"] == "us-east-1", "\(use.text)")
        await world.engine.plane.close()
    }

    @Test("an engine that takes any signature for its management still asks for the right one at its routes")
    func managementAlone() async throws {
        let strict = try await World(try await Engine.strict())
        let world = try await World(try await Engine())
        var nobody = Engine.rootSigning
        #expect(try world.call(nobody) == "200" && strict.call(nobody) == "200")
        nobody.secretAccessKey = "other"
        #expect(try world.call(nobody) == "403 InvalidSignatureException")
        nobody.accessKeyID = "AKIANOBODY"
        #expect(try world.call(nobody) == Self.unknown)
    }
}
