import Foundation
import HTTPTypes
import JSON
import SigV4
import Testing

/// Requests that botocore signed, hundreds of them, made up from a seed.
@Suite(.enabled(if: Python.hasBotocore, "python3 or botocore is not installed"))
struct BotocoreTests {
    /// One signed request, and what it was signed with.
    struct Case: Sendable {
        var request: HTTPRequest
        var body: [UInt8]
        var credentials: SigningCredentials
        var scope: SigningScope
        var date: SigningDate
        /// Nil: in the header.
        var expiresSeconds: Int?
        /// The target before it was signed.
        var target: String

        init(_ document: JSONValue) throws {
            func text(_ name: String) throws -> String { try #require(document[name]?.string, "no `\(name)`") }
            request = HTTPRequest(
                method: try #require(HTTPRequest.Method(rawValue: text("method"))), scheme: nil,
                authority: try text("host"), path: try text("path"))
            for header in document["headers"]?.array ?? [] {
                let name = try #require(HTTPField.Name(header[0]?.string ?? ""))
                request.headerFields.append(HTTPField(name: name, value: header[1]?.string ?? ""))
            }
            body = Array(try text("body").utf8)
            credentials = SigningCredentials(
                accessKeyID: try text("key"), secretAccessKey: try text("secret"),
                sessionToken: document["token"]?.string)
            scope = SigningScope(service: try text("service"), region: try text("region"))
            date = try #require(SigningDate(text: text("date")))
            expiresSeconds = document["expires"]?.int
            target = try text("target")
        }
    }

    private static func cases(seed: Int, count: Int) throws -> [Case] {
        let output = try Python.run(script, "\(seed)", "\(count)")
        return try #require(try JSONValue(parsing: output).array).map(Case.init)
    }

    private static func accepts(_ signed: Case, _ request: HTTPRequest, body: [UInt8]) throws(SignatureFailure) {
        try Verifier(acceptsUnsignedPayload: signed.scope.service == "s3").verify(
            SignedRequest.parse(request), of: request, secret: signed.credentials.secretAccessKey,
            bodyHash: PayloadHash(of: body),
            expecting: Verifier.Expectation(service: signed.scope.service, region: signed.scope.region),
            now: signed.date)
    }

    @Test("what botocore signs is accepted, and not with another body or secret", arguments: [1, 2, 3])
    func accepted(_ seed: Int) throws {
        let cases = try Self.cases(seed: seed, count: 200)
        #expect(cases.count == 200)
        #expect(Set(cases.map(\.scope.service)) == ["execute-api", "apigateway", "iam", "s3"])
        for signed in cases {
            let what = "seed \(seed): \(signed.request.method) \(signed.target) \(signed.request.headerFields)"
            #expect(throws: Never.self, "\(what)") {
                try Self.accepts(signed, signed.request, body: signed.body)
            }
            var other = signed
            other.credentials.secretAccessKey += "x"
            #expect(throws: SignatureFailure.self, "\(what)") {
                try Self.accepts(other, signed.request, body: signed.body)
            }
            let isUnsigned = signed.scope.service == "s3" && signed.expiresSeconds != nil
            guard !isUnsigned else { continue }
            #expect(throws: SignatureFailure.self, "\(what)") {
                try Self.accepts(signed, signed.request, body: signed.body + [0])
            }
        }
    }

    @Test("the same request gets the same signature here", arguments: [4, 5])
    func equal(_ seed: Int) throws {
        for signed in try Self.cases(seed: seed, count: 200) {
            var request = signed.request
            request.path = signed.target
            for name in ["Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"] {
                request.headerFields[try #require(HTTPField.Name(name))] = nil
            }
            let isS3 = signed.scope.service == "s3"
            if let seconds = signed.expiresSeconds {
                Signer.presign(
                    &request, body: signed.body, credentials: signed.credentials, scope: signed.scope,
                    at: signed.date, expiresSeconds: seconds, payload: isS3 ? .unsigned : .hashed)
            } else {
                Signer.sign(
                    &request, body: signed.body, credentials: signed.credentials, scope: signed.scope,
                    at: signed.date, payload: isS3 ? .hashedWithHeader : .hashed)
            }
            let (ours, theirs) = (try SignedRequest.parse(request), try SignedRequest.parse(signed.request))
            #expect(ours.signedHeaders == theirs.signedHeaders)
            #expect(ours.signature == theirs.signature, "seed \(seed): \(signed.request.method) \(signed.target)")
        }
    }

    private static let script = """
        import datetime, json, random, sys, urllib.parse
        import botocore.auth as auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        rng = random.Random(int(sys.argv[1]))
        letters = "abcXYZ019-_.~ %/+=&?#:@!$'()*,;é漢[]"

        def word(most, choices=letters, least=0):
            return "".join(rng.choice(choices) for _ in range(rng.randint(least, most)))

        def path(service):
            parts = [rng.choice([word(8), ".", "..", "", "pets"]) for _ in range(rng.randint(0, 5))]
            quoted = "/" + "/".join(urllib.parse.quote(part, safe="-._~") for part in parts)
            return quoted

        def query():
            names = [word(5, least=1) for _ in range(rng.randint(0, 4))]
            if names and rng.random() < 0.3: names.append(names[0])
            quote = lambda text: urllib.parse.quote(text, safe="-_.~")
            return "&".join(quote(name) + "=" + quote(word(6)) for name in names)

        def sign():
            service = rng.choice(["execute-api", "apigateway", "iam", "s3"])
            region = rng.choice(["us-east-1", "eu-west-1"])
            token = rng.choice([None, word(40, "abc/+=012", 10)])
            creds = Credentials("AKIA" + word(16, "ABC012", 16), word(40, "abc/+=XYZ", 20), token)
            now = datetime.datetime.fromtimestamp(rng.randint(1_400_000_000, 1_900_000_000), datetime.timezone.utc)
            auth.get_current_datetime = lambda *_, **__: now
            method = rng.choice(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
            expires = rng.choice([None, None, 1, 60, 604800])
            # Presigning puts the body of a form into the query.
            body = word(50) if expires is None and method in ("POST", "PUT", "PATCH") else ""
            host = rng.choice(["abc123.execute-api.us-east-1.amazonaws.com", "127.0.0.1:8080", "localhost"])
            target = path(service)
            text = query()
            if text: target += "?" + text
            request = AWSRequest(method=method, url="http://" + host + target, data=body)
            for _ in range(rng.randint(0, 3)):
                name = rng.choice(["X-Amz-Meta-" + word(3, "abc", 1), "Content-Type", "X-Custom", "Accept", "Cache-Control"])
                value = rng.choice(["", "  "]) + word(12, "abc ,;=/09") + "x"
                if name == "X-Custom" or name not in request.headers: request.headers.add_header(name, value)
            if service == "s3":
                signer = auth.S3SigV4Auth if expires is None else auth.S3SigV4QueryAuth
            else:
                signer = auth.SigV4Auth if expires is None else auth.SigV4QueryAuth
            more = [] if expires is None else [expires]
            signer(creds, service, region, *more).add_auth(request)
            parts = urllib.parse.urlsplit(request.url)
            if expires is not None:
                # Presigning keeps one of two parameters of a name.
                kept = [pair for pair in parts.query.split("&") if not pair.startswith("X-Amz-")]
                target = parts.path + ("?" + "&".join(kept) if kept else "")
            return {
                "method": method, "host": host, "body": body, "target": target,
                "path": parts.path + ("?" + parts.query if parts.query else ""),
                "headers": [[name, value] for name, value in request.headers.items()],
                "key": creds.access_key, "secret": creds.secret_key, "token": token, "service": service,
                "region": region, "date": now.strftime("%Y%m%dT%H%M%SZ"), "expires": expires,
            }

        print(json.dumps([sign() for _ in range(int(sys.argv[2]))]))
        """
}

/// The Python of this machine.
enum Python {
    static let hasBotocore = (try? run("import botocore")) != nil

    static func run(_ script: String, _ arguments: String...) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return bytes
    }
}
