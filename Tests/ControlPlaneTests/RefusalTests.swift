import ControlPlane
import HTTPTypes
import JSON
import SigV4
import Storage
import Synchronization
import Testing

/// What is refused changes nothing: the rows of the database before and after are the same.
@Suite struct RefusalTests {
    /// An engine with a database, an API, a user and a role, whose clock the test sets.
    private final class World: Sendable {
        let folder: TemporaryFolder
        let engine: Engine
        let api: String
        let dev: SigningCredentials
        private let seconds: Seconds

        /// Shared with the engine.
        private final class Seconds: Sendable {
            let now = Mutex(Engine.now)
        }

        init() async throws {
            let seconds = Seconds()
            self.seconds = seconds
            folder = try TemporaryFolder()
            engine = try await Engine.strict(
                database: folder.path + "/engine.db",
                configure: { $0.sealingKey = [UInt8](repeating: 7, count: 32) },
                clock: { seconds.now.withLock { $0 } })
            dev = try await engine.user("dev", Documents.allowAll)
            await engine.done(
                "CreateRole", ("RoleName", "reader"),
                ("AssumeRolePolicyDocument", Documents.trust("AWS", Engine.userARN("dev"))))
            await engine.done(
                "PutRolePolicy", ("RoleName", "reader"), ("PolicyName", "p"), ("PolicyDocument", Documents.allowAll))
            let made = await Self.send(engine, .post, "/restapis", #"{"name":"pets"}"#, as: dev)
            api = try #require(try made.body["id"]?.string)
        }

        func advance(by more: Int) { seconds.now.withLock { $0 += more } }
        var now: Int { seconds.now.withLock { $0 } }

        static func send(
            _ engine: Engine, _ method: HTTPRequest.Method, _ path: String, _ body: String,
            as credentials: SigningCredentials?, at seconds: Int = Engine.now
        ) async -> Engine.Answer {
            var request = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:4600", path: path)
            if let credentials {
                Signer.sign(
                    &request, body: Array(body.utf8), credentials: credentials,
                    scope: SigningScope(service: "apigateway", region: "us-east-1"),
                    at: SigningDate(secondsSince1970: seconds))
            }
            return await send(engine, request, body)
        }

        static func send(_ engine: Engine, _ request: HTTPRequest, _ body: String) async -> Engine.Answer {
            let answer = await engine.plane.respond(to: request, body: Array(body.utf8))
            let type = HTTPField.Name("x-amzn-ErrorType").flatMap { answer.response.headerFields[$0] }
            return Engine.Answer(
                status: answer.response.status.code, errorType: type, headers: answer.response.headerFields,
                bytes: answer.body)
        }

        func send(
            _ method: HTTPRequest.Method, _ path: String, _ body: String = "", as credentials: SigningCredentials?
        ) async -> Engine.Answer {
            await Self.send(engine, method, path, body, as: credentials, at: now)
        }

        /// All rows but those of what was used when, which is written later.
        func rows() async throws -> [String] {
            let database = try await Database.open(
                .file(path: folder.path + "/engine.db"), migrations: EnginePersistenceTests.migrations)
            let rows = try await database.read { connection in
                try connection.query(
                    """
                    SELECT api || ' ' || kind || ' ' || key || ' ' || document AS row FROM apigateway_object
                    WHERE kind <> 'lastUse'
                    UNION ALL SELECT kind || ' ' || key || ' ' || document FROM iam_entity ORDER BY row
                    """
                ) { (row) throws(StorageFailure) in try row.text(0) }
            }
            await database.close()
            return rows
        }

        /// The rows are the same after `body`.
        func changesNothing(
            _ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
        ) async throws {
            let before = try await rows()
            #expect(before.count >= 6, sourceLocation: sourceLocation)
            try await body()
            #expect(try await rows() == before, "\(name)", sourceLocation: sourceLocation)
        }
    }

    @Test("a path that is not there, a body that cannot be read and one of a wrong shape change nothing")
    func malformed() async throws {
        let world = try await World()
        let api = "/restapis/\(world.api)"
        for (method, path, body, status, type) in [
            (.post, "/nope", "{}", 404, "UnknownOperationException"),
            (.post, api + "/nothing", "{}", 404, "UnknownOperationException"),
            (.delete, "/restapis", "", 404, "UnknownOperationException"),
            (.post, "/restapis", "{", 400, "SerializationException"),
            (.post, "/restapis", #"["name"]"#, 400, "SerializationException"),
            (.post, "/restapis", #"{"name":7}"#, 400, "SerializationException"),
            (.post, "/restapis", "{}", 400, "ValidationException"),
            (.patch, api, #"{"patchOperations":[{"op":"replace","path":"/nope","value":"x"}]}"#, 400, nil),
            // The first operation is right, and is not done either.
            (
                .patch, api,
                #"{"patchOperations":[{"op":"replace","path":"/name","value":"x"},{"op":"replace","path":"/no"}]}"#,
                400, nil
            ),
            (.put, api + "?mode=overwrite", "openapi: [", 400, "BadRequestException"),
            (.put, api + "?mode=overwrite", #"{"openapi":"3.0.1"}"#, 400, "BadRequestException"),
            (.delete, api + "/resources/none", "", 404, "NotFoundException"),
        ] as [(HTTPRequest.Method, String, String, Int, String?)] {
            try await world.changesNothing("\(method) \(path) \(body)") {
                let answer = await world.send(method, path, body, as: world.dev)
                let message = try answer.message
                #expect(answer.status == status, "\(method) \(path) \(body)")
                #expect(type == nil || answer.errorType == type, "\(method) \(path) \(body)")
                #expect(message?.isEmpty == false)
            }
        }
    }

    @Test("a form that cannot be read, an unknown action and missing or wrong members change nothing")
    func malformedForms() async throws {
        let world = try await World()
        let version = "&Version=2010-05-08"
        for (body, code) in [
            ("Action=Nope" + version, "InvalidAction"), ("Action=CreateUser&Version=1999-01-01", "InvalidAction"),
            (version, "MissingAction"), ("Action=CreateUser&UserName=%zz" + version, "MalformedQueryString"),
            ("Action=CreateUser" + version, "ValidationError"),
            ("Action=CreateUser&UserName=a%20b" + version, "ValidationError"),
            ("Action=CreateUser&UserName=new&Tags.member.x.Key=a" + version, "MalformedInput"),
            ("Action=CreateRole&RoleName=new&AssumeRolePolicyDocument=%7B" + version, "MalformedPolicyDocument"),
            ("Action=GetServiceLastAccessedDetails&JobId=1" + version, "InvalidAction"),
            ("Action=DeleteUser&UserName=dev" + version, "DeleteConflict"),
        ] {
            try await world.changesNothing(body) {
                let answer = await world.engine.ask(body: Array(body.utf8), as: world.dev)
                #expect(answer["Code"] == code, "\(body): \(answer.text)")
                #expect((400..<500).contains(answer.status))
            }
        }
    }

    @Test("a signature that is missing, of another body or path, or late changes nothing, in a header and in a query")
    func signatures() async throws {
        let world = try await World()
        var request = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1:4600", path: "/restapis")
        let (body, scope) = (#"{"name":"replayed"}"#, SigningScope(service: "apigateway", region: "us-east-1"))
        Signer.sign(
            &request, body: Array(body.utf8), credentials: world.dev, scope: scope,
            at: SigningDate(secondsSince1970: Engine.now))
        var presigned = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1:4600", path: "/restapis")
        Signer.presign(
            &presigned, body: Array(body.utf8), credentials: world.dev, scope: scope,
            at: SigningDate(secondsSince1970: Engine.now), expiresSeconds: 60)
        try await world.changesNothing("missing, and of something else") {
            let missing = await world.send(.post, "/restapis", body, as: nil)
            #expect(missing.status == 403 && missing.errorType == "MissingAuthenticationTokenException")
            for (path, body) in [("/restapis", #"{"name":"other"}"#), ("/apikeys", body)] {
                var other = request
                other.path = path
                let answer = await World.send(world.engine, other, body)
                #expect(answer.status == 403 && answer.errorType == "InvalidSignatureException")
            }
        }
        // Within its time a request may be sent again, as with AWS.
        #expect(await World.send(world.engine, request, body).status == 201)
        #expect(await World.send(world.engine, request, body).status == 201)
        #expect(await World.send(world.engine, presigned, body).status == 201)
        world.advance(by: 301)
        try await world.changesNothing("late") {
            for late in [request, presigned] {
                let answer = await World.send(world.engine, late, body)
                let message = try answer.message
                #expect(answer.status == 403)
                #expect(message?.contains("expired") == true, "\(message ?? "")")
            }
        }
    }

    @Test("the key of a user that is deleted opens nothing, also for one of the same name")
    func deletedUser() async throws {
        let world = try await World()
        let session = try await world.engine.assume("reader", as: world.dev)
        await world.engine.done("DeleteAccessKey", ("UserName", "dev"), ("AccessKeyId", world.dev.accessKeyID))
        await world.engine.done("DeleteUserPolicy", ("UserName", "dev"), ("PolicyName", "p"))
        await world.engine.done("DeleteUser", ("UserName", "dev"))
        _ = try await world.engine.user("dev", Documents.allowAll)
        try await world.changesNothing("a deleted user's key") {
            let answer = await world.send(.post, "/restapis", #"{"name":"x"}"#, as: world.dev)
            #expect(answer.status == 403 && answer.errorType == "UnrecognizedClientException")
            await world.engine.refused(
                "CreateUser", ("UserName", "x"), status: 403, as: world.dev,
                says: "InvalidClientTokenId: The security token included in the request is invalid.")
        }
        // The session is the role's, and the role is there.
        #expect(await world.send(.get, "/restapis", as: session).status == 200)
    }

    @Test("a session whose role trusts nobody any more goes on until its end, and no new one begins")
    func trustRemoved() async throws {
        let world = try await World()
        let session = try await world.engine.assume("reader", as: world.dev, ("DurationSeconds", "900"))
        await world.engine.done(
            "UpdateAssumeRolePolicy", ("RoleName", "reader"), ("PolicyDocument", Documents.gatewayTrust))
        try await world.changesNothing("a role that does not trust") {
            await world.engine.refused(
                "AssumeRole", ("RoleArn", Engine.roleARN("reader")), ("RoleSessionName", "again"), status: 403,
                service: "sts", as: world.dev,
                says: "AccessDenied: User: \(Engine.userARN("dev")) is not authorized to perform: sts:AssumeRole on "
                    + "resource: \(Engine.roleARN("reader"))")
        }
        #expect(await world.send(.post, "/restapis", #"{"name":"made"}"#, as: session).status == 201)
        // What the role may counts at once, for sessions too.
        await world.engine.done("DeleteRolePolicy", ("RoleName", "reader"), ("PolicyName", "p"))
        try await world.changesNothing("a role without a policy") {
            let answer = await world.send(.post, "/restapis", #"{"name":"x"}"#, as: session)
            #expect(answer.status == 403 && answer.errorType == "AccessDeniedException")
        }
        await world.engine.done(
            "PutRolePolicy", ("RoleName", "reader"), ("PolicyName", "p"), ("PolicyDocument", Documents.allowAll))
        world.advance(by: 901)
        try await world.changesNothing("a session that has ended") {
            let answer = await world.send(.post, "/restapis", #"{"name":"x"}"#, as: session)
            #expect(answer.status == 403 && answer.errorType == "ExpiredTokenException", "\(answer)")
        }
    }
}
