import Diagnostics
import HTTPTypes
import Seeds
import SigV4
import Testing

private let credentials = SigningCredentials(accessKeyID: "AKIAEXAMPLE", secretAccessKey: "c2VjcmV0")
private let scope = SigningScope(service: "apigateway", region: "eu-west-1")
private let date = SigningDate(secondsSince1970: 1_700_000_000)

private func request(path: String = "/restapis?limit=5", method: HTTPRequest.Method = .get) -> HTTPRequest {
    HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:4600", path: path)
}

private func signed(
    body: [UInt8] = [], payload: Signer.Payload = .hashed, edit: (inout HTTPRequest) -> Void = { _ in }
) -> HTTPRequest {
    var request = request()
    Signer.sign(&request, body: body, credentials: credentials, scope: scope, at: date, payload: payload)
    edit(&request)
    return request
}

/// What is wrong with a request; nil if it is accepted.
private func failure(
    _ request: HTTPRequest, body: [UInt8] = [], verifier: Verifier = Verifier(), secret: String = "c2VjcmV0",
    service: String? = "apigateway", region: String? = "eu-west-1"
) -> SignatureFailure? {
    do throws(SignatureFailure) {
        try verifier.verify(
            SignedRequest.parse(request), of: request, secret: secret, bodyHash: PayloadHash(of: body),
            expecting: Verifier.Expectation(service: service, region: region), now: date)
        return nil
    } catch { return error }
}

struct VerifierTests {
    @Test("a signed request is accepted, in every form of the payload")
    func roundTrip() {
        let body = Array("{}".utf8)
        #expect(failure(signed(body: body), body: body) == nil)
        #expect(failure(signed(body: body, payload: .hashedWithHeader), body: body) == nil)
        #expect(failure(signed(), service: nil, region: nil) == nil)
    }

    @Test("signing again replaces the old signature")
    func signsAgain() {
        var request = signed(payload: .hashedWithHeader)
        Signer.sign(&request, body: [1], credentials: credentials, scope: scope, at: date)
        #expect(failure(request, body: [1]) == nil)
        #expect(request.headerFields[.init("x-amz-content-sha256")!] == nil)
    }

    @Test("an unsigned payload passes only where it is accepted")
    func unsignedPayload() {
        let request = signed(body: [1, 2], payload: .unsigned)
        #expect(failure(request, body: [3])?.code == .payloadMismatch)
        #expect(failure(request, body: [3], verifier: Verifier(acceptsUnsignedPayload: true)) == nil)
    }

    @Test("a payload header that does not match the body is refused")
    func payloadMismatch() {
        let request = signed(body: [1], payload: .hashedWithHeader)
        #expect(failure(request, body: [2])?.code == .payloadMismatch)
        let streaming = signed {
            $0.headerFields[.init("x-amz-content-sha256")!] = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        }
        #expect(failure(streaming)?.code == .unsignedHeader)
    }

    @Test("a wrong secret is a mismatch, also with a key in the cache")
    func wrongSecret() {
        let verifier = Verifier()
        #expect(failure(signed(), verifier: verifier) == nil)
        let refused = failure(signed(), verifier: verifier, secret: "other")
        #expect(refused?.code == .signatureMismatch)
        #expect(refused?.refusal.queryCode == "SignatureDoesNotMatch")
        #expect(refused?.refusal.jsonCode == "InvalidSignatureException")
        #expect(failure(signed(), verifier: verifier) == nil)
    }

    @Test("a scope for another service, region or day names the one expected")
    func wrongScope() {
        let service = failure(signed(), service: "iam")
        #expect(service?.code == .wrongScope)
        #expect(service?.refusal.message == "Credential should be scoped to correct service: 'iam'.")
        let region = failure(signed(), region: "us-east-1")
        #expect(region?.code == .wrongScope)
        #expect(region?.refusal.message == "Credential should be scoped to a valid region: 'us-east-1'.")
        let day = signed {
            let header = $0.headerFields[.authorization] ?? ""
            $0.headerFields[.authorization] = header.split(separator: "/").enumerated()
                .map { $0.offset == 1 ? "20200101" : String($0.element) }.joined(separator: "/")
        }
        #expect(failure(day)?.code == .wrongScope)
    }

    @Test("each thing missing or malformed has a code of its own")
    func malformed() {
        let header = signed().headerFields[.authorization] ?? ""
        func code(_ authorization: String) -> SignatureFailure.Code? {
            failure(signed { $0.headerFields[.authorization] = authorization })?.code
        }
        #expect(failure(request())?.code == .missingAuthentication)
        #expect(code("Bearer abc") == .incompleteSignature)
        #expect(code("") == .incompleteSignature)
        #expect(code("AWS4-HMAC-SHA256") == .incompleteSignature)
        #expect(code(header.replacing(" Credential=", with: " Cred=")) == .incompleteSignature)
        #expect(code(header.replacing("Signature=", with: "Signature=,X=")) == .incompleteSignature)
        #expect(code(header.replacing("AWS4-HMAC-SHA256", with: "AWS4-ECDSA-P256-SHA256")) == .malformedSignature)
        #expect(code(header.replacing("/aws4_request", with: "")) == .malformedSignature)
        #expect(code(header.replacing("/aws4_request", with: "/aws5_request")) == .malformedSignature)
        #expect(code(header + ", Signature=1") == .malformedSignature)
        #expect(code(header + "0") == .malformedSignature)
        #expect(code(header.replacing("host;x-amz-date", with: "x-amz-date;host")) == .malformedSignature)
        #expect(code(header.replacing("host;x-amz-date", with: "Host;x-amz-date")) == .malformedSignature)
        #expect(code(header.replacing("host;x-amz-date", with: "host;host;x-amz-date")) == .malformedSignature)
        #expect(code(header.replacing("host;x-amz-date", with: "x-amz-date")) == .unsignedHeader)
        #expect(code(header.replacing("host;x-amz-date", with: "host")) == .unsignedHeader)
        #expect(code(header.replacing("host;", with: "absent;host;")) == .signatureMismatch)
        #expect(
            code("AWS4-HMAC-SHA256 " + String(repeating: "a", count: Limits.authorizationBytesMax))
                == .malformedSignature)
        let names = (0...Limits.signedHeadersMax).map { "h\(1_000 + $0)" }.joined(separator: ";")
        #expect(code(header.replacing("host;x-amz-date", with: names)) == .malformedSignature)
        #expect(failure(signed { $0.headerFields[.init("X-Amz-Date")!] = "yesterday" })?.code == .malformedSignature)
        #expect(failure(signed { $0.headerFields[.init("X-Amz-Date")!] = nil })?.code == .incompleteSignature)
        #expect(failure(signed { $0.headerFields[.init("X-Amz-Added")!] = "1" })?.code == .unsignedHeader)
        #expect(failure(signed { $0.path = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" })?.code == .malformedSignature)
    }

    @Test("a Date header serves where X-Amz-Date is not sent")
    func dateHeader() throws {
        var request = signed {
            $0.headerFields[.init("X-Amz-Date")!] = nil
            $0.headerFields[.date] = "Tue, 14 Nov 2023 22:13:20 GMT"
        }
        request.headerFields[.authorization] = request.headerFields[.authorization]?
            .replacing("host;x-amz-date", with: "date;host")
        #expect(try SignedRequest.parse(request).date == date)
    }

    @Test("a presigned query lacking a part or with a bad one is refused")
    func malformedQuery() {
        var presigned = request()
        Signer.presign(&presigned, body: [], credentials: credentials, scope: scope, at: date, expiresSeconds: 60)
        #expect(failure(presigned) == nil)
        func code(_ edit: (String) -> String) -> SignatureFailure.Code? {
            var request = presigned
            request.path = edit(request.path ?? "")
            return failure(request)?.code
        }
        for name in ["Credential", "Date", "Expires", "SignedHeaders", "Signature"] {
            #expect(code { $0.replacing("X-Amz-\(name)=", with: "Y=") } == .incompleteSignature, "\(name)")
            #expect(code { $0 + "&X-Amz-\(name)=1" } == .malformedSignature, "\(name) twice")
        }
        for seconds in ["0", "-1", "604801", "99999999999999999999", "x", ""] {
            #expect(code { $0.replacing("X-Amz-Expires=60", with: "X-Amz-Expires=\(seconds)") } == .malformedSignature)
        }
        #expect(code { $0.replacing("X-Amz-Algorithm=AWS4", with: "X-Amz-Algorithm=AWS5") } == .malformedSignature)
        #expect(code { $0.replacing("X-Amz-Expires=60", with: "X-Amz-Expires=61") } == .signatureMismatch)
    }

    @Test("every code is explained and answers as a service would", arguments: SignatureFailure.Code.allCases)
    func explained(_ code: SignatureFailure.Code) {
        #expect(code.rawValue.hasPrefix("sigv4."))
        #expect(!code.explanation.meaning.isEmpty && !code.explanation.remedy.isEmpty)
    }

    @Test("credentials do not print their secret")
    func redacted() {
        let token = SigningCredentials(accessKeyID: "ASIA", secretAccessKey: "hush", sessionToken: "quiet")
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] {
            #expect(!text.contains("hush") && !text.contains("quiet") && text.contains("ASIA"))
        }
    }

    @Test("a mangled Authorization header is refused and never crashes", arguments: 0..<200)
    func fuzz(_ seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let whole = Array((signed().headerFields[.authorization] ?? "").utf8)
        for _ in 0..<50 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[position] = UInt8.random(in: 32...126, using: &generator)
                case 1: bytes.remove(at: position)
                case 2: bytes.insert(Array(",=/; \t\u{e9}".utf8).randomElement(using: &generator) ?? 0, at: position)
                default: bytes.removeSubrange(position...)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let request = signed { $0.headerFields[.authorization] = text }
            guard failure(request) == nil else { continue }
            // What still passes says the same, the key id apart: whoever looks up the secret checks that.
            let (parsed, original) = (try SignedRequest.parse(request), try SignedRequest.parse(signed()))
            let isSame =
                parsed.signature == original.signature && parsed.signedHeaders == original.signedHeaders
                && parsed.scope == original.scope && parsed.scopeDay == original.scopeDay
            #expect(isSame, "seed \(seed): \(text)")
        }
    }
}

struct SigningDateTests {
    @Test(
        "text and seconds agree",
        arguments: [
            (0, "19700101T000000Z"), (1_440_938_160, "20150830T123600Z"), (951_782_400, "20000229T000000Z"),
            (-1, "19691231T235959Z"), (253_402_300_799, "99991231T235959Z"), (-62_167_219_200, "00000101T000000Z"),
        ])
    func known(_ seconds: Int, _ text: String) {
        #expect(SigningDate(secondsSince1970: seconds).text == text)
        #expect(SigningDate(text: text)?.secondsSince1970 == seconds)
        #expect(SigningDate(secondsSince1970: seconds).day == text.prefix(8))
    }

    @Test("print then parse is identity", arguments: 0..<200)
    func roundTrip(_ seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let date = SigningDate(secondsSince1970: Int.random(in: -62_167_219_200...253_402_300_799, using: &generator))
        #expect(SigningDate(text: date.text) == date)
    }

    @Test(
        "a text that is no moment is refused",
        arguments: [
            "", "20150230T000000Z", "20151301T000000Z", "20150830T240000Z", "20150830T126000Z", "20150830T123660Z",
            "2015-08-30T12:36:00Z", "20150830T123600", "20150830t123600Z", "٢٠١٥٠٨٣٠T123600Z", "20150800T123600Z",
        ])
    func refused(_ text: String) { #expect(SigningDate(text: text) == nil) }

    @Test("extremes stay within the years that can be written")
    func extremes() {
        #expect(SigningDate(secondsSince1970: .max).text == "99991231T235959Z")
        #expect(SigningDate(secondsSince1970: .min).text == "00000101T000000Z")
        #expect(SigningDate(secondsSince1970: 5).advanced(bySeconds: .max).text == "99991231T235959Z")
        #expect(SigningDate(httpDate: "Sun, 30 Aug 2015 12:36:00 GMT")?.text == "20150830T123600Z")
        #expect(SigningDate(httpDate: "Sun, 30 Foo 2015 12:36:00 GMT") == nil)
    }
}

struct SigningKeyCacheTests {
    @Test("the cache is bounded and forgets other days first")
    func bounded() {
        let cache = SigningKeyCache(keysMax: 4)
        for number in 0..<20 {
            var request = request()
            let later = date.advanced(bySeconds: number * 86_400)
            Signer.sign(&request, body: [], credentials: credentials, scope: scope, at: later, keys: cache)
            #expect(cache.count <= 4)
        }
        for number in 0..<20 {
            var request = request()
            let key = SigningCredentials(accessKeyID: "AKIA\(number)", secretAccessKey: "s")
            Signer.sign(&request, body: [], credentials: key, scope: scope, at: date, keys: cache)
            #expect(cache.count <= 4)
        }
    }
}

struct CanonicalFormTests {
    @Test(
        "paths are normalized and encoded once more, except verbatim",
        arguments: [
            ("/a b", "/a%20b", "/a%20b"), ("/a%20b", "/a%2520b", "/a%20b"), ("/a/../b/", "/b/", "/a/../b/"),
            ("", "/", "/"), ("/..", "/", "/.."), ("/a//b", "/a/b", "/a//b"),
            ("/tags/arn:aws:x", "/tags/arn%3Aaws%3Ax", "/tags/arn%3Aaws%3Ax"),
        ])
    func paths(_ path: String, _ normalized: String, _ verbatim: String) {
        func line(_ form: PathForm) -> Substring {
            var request = request(path: path.isEmpty ? "/" : path)
            if path.isEmpty { request.path = "" }
            let canonical = CanonicalRequest(request, pathForm: form, signedHeaders: ["host"], payload: .unsigned)
            return String(decoding: canonical.bytes, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)[1]
        }
        #expect(line(.normalized) == normalized)
        #expect(line(.verbatim) == verbatim)
    }

    @Test(
        "queries are decoded, encoded and sorted",
        arguments: [
            ("b=2&a=1", "a=1&b=2"), ("a=2&a=1", "a=1&a=2"), ("a", "a="), ("a=b=c", "a=b%3Dc"), ("%7E=%7e", "~=~"),
            ("a+b=1", "a%2Bb=1"), ("&&a=1&", "a=1"), ("a=%", "a=%25"), ("a-=1&a=1", "a=1&a-=1"), ("é=1", "%C3%A9=1"),
        ])
    func queries(_ query: String, _ expected: String) {
        let canonical = CanonicalRequest(
            request(path: "/?" + query), pathForm: .normalized, signedHeaders: ["host"], payload: .unsigned)
        let lines = String(decoding: canonical.bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[2] == expected)
    }
}
