import Bytes
import DataPlane
import Foundation
import Functions
import Glibc
import HTTPTypes
import JSON
import NIOCore
import NIOPosix
import SigV4
import Testing

@testable import ControlPlane

/// Functions of the engine: kept by its own API, run by a real host.
@Suite struct FunctionTests {
    /// Runs `body` with a folder that functions of other users can enter.
    static func withService(
        runs: Bool = true, _ body: (FunctionService) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o755)
        let code = CodeStore(root: folder.path + "/code")
        guard runs else { return try await body(FunctionService(code: code, host: nil)) }
        var configuration = FunctionHostConfiguration(
            scratchFolder: folder.path + "/scratch", clock: { Int64(time(nil)) * 1000 })
        configuration.grace = .milliseconds(200)
        let host = try await FunctionHost(configuration)
        do {
            try await body(FunctionService(code: code, host: host))
        } catch {
            await host.stop()
            throw error
        }
        await host.stop()
    }

    @Test(
        "boto3 calls all operations of Lambda, and botocore knows all that is answered",
        .enabled(if: Client.hasBoto3, "boto3 is not installed"),
        .enabled(if: Client.exists("curl"), "curl is not installed"))
    func clients() async throws {
        try await Self.withService { service in
            try await LiveEngine.run(configure: { $0.functions = service }) { live in
                let done = try await Client.fixture("functions.py", live.port)
                #expect(done.status == 0 && done.output == "ok 24\n", "\(done.output)")
            }
        }
    }

    // MARK: One engine

    private static let trust = #"""
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com",
        "apigateway.amazonaws.com"]},"Action":"sts:AssumeRole"}]}
        """#
    private static let bootstrap = """
        #!/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
        while true; do
            curl -sS -D $TMPDIR/head $api/invocation/next >/dev/null || exit 1
            id=$(grep -i '^lambda-runtime-aws-request-id:' $TMPDIR/head | tr -d '\\r' | cut -d' ' -f2)
            curl -sS -X POST -d '"ran"' $api/invocation/$id/response >/dev/null
        done
        """

    /// A function `hello` in the engine, made as a client would.
    private static func make(_ engine: Engine) async throws {
        await engine.done("CreateRole", ("RoleName", "runs"), ("AssumeRolePolicyDocument", trust))
        let made = try await engine.lambda(
            "POST", "/2015-03-31/functions",
            [
                "FunctionName": "hello", "Runtime": "provided.al2023", "Handler": "none",
                "Role": "arn:aws:iam::123456789012:role/runs",
                "Code": ["ZipFile": .string(StoredArchive.base64(["bootstrap": bootstrap]))],
                "Environment": ["Variables": ["PASSWORD": "hidden-in-rows"]],
            ])
        try #require(made.status == 201, "\(made)")
    }

    private static func ask(
        _ engine: Engine, _ authority: FunctionCall.Authority, function: String = "hello"
    ) async throws -> FunctionReply {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        return try await engine.snapshots.functions.invoke(
            FunctionCall(
                function: function, event: [], authority: authority, requestID: "11111111-2222-4333-8444-555555555555"),
            on: loop
        ).get()
    }

    private static let source = FunctionCall.Authority.service(
        sourceARN: "arn:aws:execute-api:us-east-1:123456789012:abc/test/POST/*", sourceAccount: "123456789012")

    @Test(
        "A2.5: an API runs a function only where the function's policy lets this API",
        .enabled(if: Client.exists("curl"), "curl is not installed"))
    func permission() async throws {
        try await Self.withService { service in
            let engine = try await Engine(configure: { $0.functions = service })
            try await Self.make(engine)
            func isRefused(_ reply: FunctionReply) -> Bool {
                guard case .refused(403, "AccessDeniedException", _) = reply else { return false }
                return true
            }
            #expect(isRefused(try await Self.ask(engine, Self.source)))
            let allow: JSONObject = [
                "StatementId": "other", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
                "SourceArn": "arn:aws:execute-api:us-east-1:123456789012:xyz/*",
            ]
            let path = "/2015-03-31/functions/hello/policy"
            #expect(try await engine.lambda("POST", path, .object(allow)).status == 201)
            #expect(isRefused(try await Self.ask(engine, Self.source)))
            var ours = allow
            ours["StatementId"] = "ours"
            ours["SourceArn"] = "arn:aws:execute-api:us-east-1:123456789012:abc/*/POST/*"
            #expect(try await engine.lambda("POST", path, .object(ours)).status == 201)
            guard case .answered(let payload, nil) = try await Self.ask(engine, Self.source) else {
                Issue.record("the function was not run")
                return
            }
            #expect(String(decoding: payload, as: UTF8.self) == #""ran""#)
            #expect(try await engine.lambda("DELETE", path + "/ours").status == 204)
            #expect(isRefused(try await Self.ask(engine, Self.source)))
        }
    }

    @Test("an alias or a version that is removed takes its policy along", arguments: [true, false])
    func policyGoesAlong(_ isAlias: Bool) async throws {
        try await Self.withService(runs: false) { service in
            let engine = try await Engine(configure: { $0.functions = service })
            try await Self.make(engine)
            let root = "/2015-03-31/functions/hello"
            func make() async throws {
                let alias: JSONValue = ["Name": "live", "FunctionVersion": "$LATEST"]
                let answer = try await engine.lambda(
                    "POST", root + (isAlias ? "/aliases" : "/versions"), isAlias ? alias : [:])
                #expect(answer.status == 201)
            }
            let policy = root + "/policy?Qualifier=" + (isAlias ? "live" : "1")
            try await make()
            let allow: JSONValue = [
                "StatementId": "all", "Action": "lambda:InvokeFunction", "Principal": "210987654321",
            ]
            #expect(try await engine.lambda("POST", policy, allow).status == 201)
            #expect(try await engine.lambda("POST", root + "/policy", allow).status == 201)
            #expect(try await engine.lambda("GET", policy).status == 200)
            let removal = isAlias ? root + "/aliases/live" : root + "?Qualifier=1"
            #expect(try await engine.lambda("DELETE", removal).status < 300)
            if isAlias { try await make() }
            #expect(try await engine.lambda("GET", policy).status == 404)
            // The function's own stays.
            #expect(try await engine.lambda("GET", root + "/policy").status == 200)
        }
    }

    @Test("a role's policy lets it invoke, and a role that is not there lets nobody")
    func roles() async throws {
        try await Self.withService(runs: false) { service in
            let engine = try await Engine(configure: { $0.functions = service })
            try await Self.make(engine)
            let role = FunctionCall.Authority.role("arn:aws:iam::123456789012:role/runs", sourceARN: "arn:a")
            guard case .refused(403, _, _) = try await Self.ask(engine, role) else {
                Issue.record("a role without policies was let through")
                return
            }
            await engine.done(
                "PutRolePolicy", ("RoleName", "runs"), ("PolicyName", "invoke"),
                (
                    "PolicyDocument",
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*"}]}"#
                ))
            // Allowed, and not run: functions are off.
            guard case .unavailable(let reason) = try await Self.ask(engine, role) else {
                Issue.record("the role may not invoke")
                return
            }
            #expect(reason.contains("--enable-functions"))
            let gone = FunctionCall.Authority.role("arn:aws:iam::123456789012:role/gone", sourceARN: "arn:a")
            guard case .refused(403, _, _) = try await Self.ask(engine, gone) else {
                Issue.record("a role that is not there was let through")
                return
            }
            guard
                case .refused(404, "ResourceNotFoundException", _) = try await Self.ask(
                    engine, Self.source, function: "nobody")
            else {
                Issue.record("a function that is not there was found")
                return
            }
        }
    }

    @Test("a role that trusts the gateway for one API alone lets no other one invoke")
    func confusedDeputy() async throws {
        try await Self.withService(runs: false) { service in
            let engine = try await Engine(configure: { $0.functions = service })
            try await Self.make(engine)
            await engine.done(
                "PutRolePolicy", ("RoleName", "runs"), ("PolicyName", "invoke"),
                (
                    "PolicyDocument",
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*"}]}"#
                ))
            await engine.done(
                "UpdateAssumeRolePolicy", ("RoleName", "runs"),
                (
                    "PolicyDocument",
                    """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                     "Principal":{"Service":["apigateway.amazonaws.com","lambda.amazonaws.com"]},
                     "Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:execute-api:us-east-1:123456789012:own/*",
                     "arn:aws:lambda:us-east-1:123456789012:function:hello"]},
                     "StringEquals":{"aws:SourceAccount":"123456789012"}}}]}
                    """
                ))
            func ask(_ api: String) async throws -> FunctionReply {
                let source = "arn:aws:execute-api:us-east-1:123456789012:\(api)/test/POST/greet"
                return try await Self.ask(
                    engine, .role("arn:aws:iam::123456789012:role/runs", sourceARN: source))
            }
            // Allowed, and not run: functions are off.
            guard case .unavailable = try await ask("own") else {
                Issue.record("the API that the role trusts may not invoke")
                return
            }
            guard case .refused(403, _, let message) = try await ask("other") else {
                Issue.record("an API that the role does not trust may invoke")
                return
            }
            #expect(message.contains("does not have permission to assume the provided role"))
        }
    }

    @Test("code that was lost is not said to be there, and can be sent again")
    func lostCode() async throws {
        try await Self.withService(runs: false) { service in
            let engine = try await Engine(configure: { $0.functions = service })
            try await Self.make(engine)
            let path = "/2015-03-31/functions/hello/configuration"
            func hash() async throws -> String? {
                try await engine.lambda("GET", path).body["CodeSha256"]?.string
            }
            let before = try await hash()
            #expect(before?.utf8.count == 44)
            try FileManager.default.removeItem(atPath: service.code.root)
            #expect(try await hash() == "")
            let sent = try await engine.lambda(
                "PUT", "/2015-03-31/functions/hello/code",
                ["ZipFile": .string(StoredArchive.base64(["bootstrap": Self.bootstrap]))])
            #expect(sent.status == 200)
            #expect(try await hash() == before)
        }
    }

    @Test("functions are kept where nothing runs them, survive a restart, and show no secret in rows")
    func kept() async throws {
        try await Self.withService(runs: false) { service in
            let folder = try TemporaryFolder()
            let database = folder.path + "/engine.db"
            let key = [UInt8](repeating: 7, count: 32)
            let first = try await Engine(database: database) {
                $0.functions = service
                $0.sealingKey = key
            }
            try await Self.make(first)
            #expect(
                try await first.lambda("POST", "/2015-03-31/functions/hello/versions", [:]).status == 201)
            let refused = try await first.lambda("POST", "/2015-03-31/functions/hello/invocations", [:])
            #expect(
                refused.status == 403 && String(decoding: refused.bytes, as: UTF8.self).contains("--enable-functions"))
            let before = try await first.lambda("GET", "/2015-03-31/functions/hello:1").body
            await first.plane.close()
            for name in ["engine.db", "engine.db-wal"] {
                let bytes = (try? Corpus.read(folder.path + "/" + name)) ?? []
                #expect(!String(decoding: bytes, as: UTF8.self).contains("hidden-in-rows"))
            }
            let second = try await Engine(database: database) {
                $0.functions = service
                $0.sealingKey = key
            }
            #expect(try await second.lambda("GET", "/2015-03-31/functions/hello:1").body == before)
            await second.plane.close()
        }
    }

    @Test("code that no function has is removed when the engine starts, and no other")
    func orphans() async throws {
        try await Self.withService(runs: false) { service in
            let folder = try TemporaryFolder()
            let database = folder.path + "/engine.db"
            let first = try await Engine(database: database) { $0.functions = service }
            try await Self.make(first)
            let orphan = try service.code.keep([CodeFile(path: "a", bytes: [1], isExecutable: false)])
            await first.plane.close()
            let second = try await Engine(database: database) { $0.functions = service }
            #expect(access(orphan.path, F_OK) != 0)
            let kept = try await second.lambda("GET", "/2015-03-31/functions/hello")
            #expect(kept.status == 200)
            await second.plane.close()
        }
    }
}

extension Engine {
    /// A request to Lambda, signed by the root.
    func lambda(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> Answer {
        let bytes = body?.bytes(.compact) ?? []
        var request = HTTPRequest(
            method: try #require(HTTPRequest.Method(method)), scheme: "http", authority: "127.0.0.1:4600", path: path)
        Signer.sign(
            &request, body: bytes, credentials: Self.rootSigning,
            scope: SigningScope(service: "lambda", region: "us-east-1"), at: SigningDate(secondsSince1970: Self.now))
        let answer = await plane.respond(to: request, body: bytes)
        let type = HTTPField.Name("x-amzn-ErrorType").flatMap { answer.response.headerFields[$0] }
        return Answer(
            status: answer.response.status.code, errorType: type, headers: answer.response.headerFields,
            bytes: answer.body)
    }
}

/// A zip archive without compression, as small clients write it.
enum StoredArchive {
    static func base64(_ files: [String: String]) -> String {
        var (body, directory): ([UInt8], [UInt8]) = ([], [])
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            let bytes = Array(text.utf8)
            let common =
                number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(checksum(bytes), 4)
                + number(UInt32(bytes.count), 4) + number(UInt32(bytes.count), 4) + number(UInt32(name.utf8.count), 2)
                + number(0, 2)
            directory +=
                number(0x0201_4B50, 4) + number(0x0314, 2) + common + number(0, 2) + number(0, 2) + number(0, 2)
                + number(0o100755 << 16, 4) + number(UInt32(body.count), 4) + Array(name.utf8)
            body += number(0x0403_4B50, 4) + common + Array(name.utf8) + bytes
        }
        let end =
            number(0x0605_4B50, 4) + number(0, 4) + number(UInt32(files.count), 2)
            + number(UInt32(files.count), 2) + number(UInt32(directory.count), 4) + number(UInt32(body.count), 4)
            + number(0, 2)
        return Base64.text(of: body + directory + end)
    }

    private static func number(_ value: UInt32, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = .max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
