import HTTPTypes
import Seeds
import SigV4
import Testing

/// Requests made up from a seed, signed, and changed in one place.
struct ChangeTests {
    private static let credentials = SigningCredentials(
        accessKeyID: "AKIAEXAMPLE", secretAccessKey: "c2VjcmV0", sessionToken: "token/+=")
    private static let scope = SigningScope(service: "execute-api", region: "us-east-1")
    private static let date = SigningDate(secondsSince1970: 1_700_000_000)

    private static func word(_ most: Int, _ generator: inout SeededGenerator) -> String {
        let letters = Array("abcXYZ019-_.~/:@!$'()*,;é漢")
        return String(
            (0..<Int.random(in: 0...most, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? "a"
            })
    }

    private static func request(_ generator: inout SeededGenerator) -> HTTPRequest {
        var path = "/" + word(12, &generator)
        if Bool.random(using: &generator) {
            path +=
                "?"
                + (0...Int.random(in: 0...2, using: &generator))
                .map { _ in word(4, &generator) + "=" + word(4, &generator) }.joined(separator: "&")
        }
        var request = HTTPRequest(
            method: [.get, .post, .delete].randomElement(using: &generator) ?? .get, scheme: nil,
            authority: "abc123.execute-api.test", path: path)
        for name in ["X-Amz-Meta", "X-Custom", "Accept"] where Bool.random(using: &generator) {
            guard let name = HTTPField.Name(name) else { continue }
            request.headerFields.append(
                HTTPField(name: name, value: "a b" + String(word(5, &generator).filter(\.isASCII))))
        }
        return request
    }

    /// Another method, path, query, host, header or credential.
    private static func change(_ request: inout HTTPRequest, _ generator: inout SeededGenerator) {
        let path = request.path ?? ""
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: request.method = [.get, .put, .head].randomElement(using: &generator) ?? .put
        case 1:
            request.authority = ["abc123.execute-api.test", "abc123.execute-api.test:80", "x"].randomElement(
                using: &generator)
        case 2, 3:
            var characters = Array(path)
            let position = Int.random(in: 0..<characters.count, using: &generator)
            if Bool.random(using: &generator), position > 0 {
                characters.remove(at: position)
            } else {
                characters.insert(
                    ["a", "/", ".", "&", "=", "%", "?"].randomElement(using: &generator) ?? "a", at: max(position, 1))
            }
            request.path = String(characters)
        case 4: request.path = path + (path.contains("?") ? "&" : "?") + word(3, &generator)
        case 5:
            let fields = Array(request.headerFields)
            guard let field = fields.randomElement(using: &generator) else { return }
            request.headerFields[field.name] = [field.value + "x", " " + field.value, String(field.value.dropLast())]
                .randomElement(using: &generator)
        default:
            guard
                let name = HTTPField.Name(
                    ["X-Amz-New", "X-Unsigned", "X-Custom"].randomElement(using: &generator) ?? "")
            else { return }
            request.headerFields.append(HTTPField(name: name, value: "new"))
        }
    }

    private static func isAccepted(_ request: HTTPRequest, body: [UInt8]) -> Bool {
        do throws(SignatureFailure) {
            try Verifier().verify(
                SignedRequest.parse(request), of: request, secret: credentials.secretAccessKey,
                bodyHash: PayloadHash(of: body),
                expecting: Verifier.Expectation(service: scope.service, region: scope.region), now: date)
            return true
        } catch { return false }
    }

    private static func canonical(_ request: HTTPRequest, _ signedHeaders: [String]) -> [UInt8] {
        CanonicalRequest(
            request, pathForm: .normalized, signedHeaders: signedHeaders, payload: PayloadHash(of: [])
        ).bytes
    }

    @Test("a change passes exactly if the canonical request stays what was signed", arguments: 0..<200)
    func changed(_ seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            var signed = Self.request(&generator)
            let body = Array(Self.word(5, &generator).utf8)
            if Bool.random(using: &generator) {
                Signer.sign(&signed, body: body, credentials: Self.credentials, scope: Self.scope, at: Self.date)
            } else {
                Signer.presign(
                    &signed, body: body, credentials: Self.credentials, scope: Self.scope, at: Self.date,
                    expiresSeconds: 60)
            }
            #expect(Self.isAccepted(signed, body: body), "seed \(seed): \(signed)")
            #expect(!Self.isAccepted(signed, body: body + [1]), "seed \(seed): \(signed)")
            var changed = signed
            Self.change(&changed, &generator)
            let names = try SignedRequest.parse(signed).signedHeaders
            let isSame = Self.canonical(signed, names) == Self.canonical(changed, names)
            // What must be signed and is not is refused though the signature says nothing of it.
            let addsHeader = changed.headerFields.contains {
                $0.name.canonicalName.hasPrefix("x-amz-") && !names.contains($0.name.canonicalName)
            }
            // The signature itself is no part of what is signed.
            let isRead = (try? SignedRequest.parse(changed).signature) == (try SignedRequest.parse(signed).signature)
            if !isSame || addsHeader {
                #expect(!Self.isAccepted(changed, body: body), "seed \(seed): \(signed) became \(changed)")
            } else if isRead {
                #expect(Self.isAccepted(changed, body: body), "seed \(seed): \(signed) became \(changed)")
            }
        }
    }
}
