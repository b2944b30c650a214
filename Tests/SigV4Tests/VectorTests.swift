import HTTPTypes
import SigV4
import Testing

@Suite(.enabled(if: Vector.folder != nil, "GATEWRIGHT_CORPORA is not set"))
struct VectorTests {
    @Test("the corpus has all of its cases")
    func corpusIsWhole() { #expect(Vector.all.count == 14) }

    @Test("signing in the header gives the published bytes", arguments: Vector.all)
    func signsInHeader(_ vector: Vector) throws {
        var request = vector.request
        Signer.sign(
            &request, body: [], credentials: vector.credentials, scope: vector.scope, at: vector.date,
            pathForm: vector.pathForm)
        let canonical = try vector.canonical(request)
        #expect(String(decoding: canonical.bytes, as: UTF8.self) == vector.files["header-canonical-request.txt"])
        let toSign = canonical.stringToSign(date: vector.date, scope: vector.scope)
        #expect(String(decoding: toSign, as: UTF8.self) == vector.files["header-string-to-sign.txt"])
        #expect(request == Vector.request(vector.files["header-signed-request.txt"] ?? ""))
        #expect(try SignedRequest.parse(request).signature == vector.files["header-signature.txt"])
    }

    @Test("presigning gives the published bytes", arguments: Vector.all)
    func presigns(_ vector: Vector) throws {
        var request = vector.request
        Signer.presign(
            &request, body: [], credentials: vector.credentials, scope: vector.scope, at: vector.date,
            expiresSeconds: vector.expiresSeconds, pathForm: vector.pathForm)
        let canonical = try vector.canonical(request)
        #expect(String(decoding: canonical.bytes, as: UTF8.self) == vector.files["query-canonical-request.txt"])
        let toSign = canonical.stringToSign(date: vector.date, scope: vector.scope)
        #expect(String(decoding: toSign, as: UTF8.self) == vector.files["query-string-to-sign.txt"])
        #expect(request == Vector.request(vector.files["query-signed-request.txt"] ?? ""))
        #expect(try SignedRequest.parse(request).signature == vector.files["query-signature.txt"])
    }

    @Test("published requests are accepted", arguments: Vector.all)
    func accepts(_ vector: Vector) throws {
        try vector.verify(Vector.request(vector.files["header-signed-request.txt"] ?? ""))
        try vector.verify(Vector.request(vector.files["query-signed-request.txt"] ?? ""))
    }

    @Test("a changed method, path, query, header or body is refused", arguments: Vector.all)
    func refusesTampering(_ vector: Vector) throws {
        for form in ["header", "query"] {
            let signed = Vector.request(vector.files["\(form)-signed-request.txt"] ?? "")
            var changed: [(String, HTTPRequest)] = []
            func change(_ what: String, _ edit: (inout HTTPRequest) -> Void) {
                var request = signed
                edit(&request)
                changed.append((what, request))
            }
            change("method") { $0.method = .put }
            change("path") { $0.path = "/x" + ($0.path ?? "") }
            change("query") { $0.path = ($0.path ?? "") + (form == "query" ? "&" : "?") + "added=1" }
            change("host") { $0.authority = "example.amazonaws.con" }
            for field in signed.headerFields where field.name != .authorization {
                change("header \(field.name)") {
                    $0.headerFields[field.name] = field.value.dropLast() + (field.value.hasSuffix("0") ? "1" : "0")
                }
                change("header \(field.name) gone") { $0.headerFields[field.name] = nil }
            }
            for (what, request) in changed {
                #expect(throws: SignatureFailure.self, "\(form): \(what)") { try vector.verify(request) }
            }
            #expect(throws: SignatureFailure.self) { try vector.verify(signed, body: [1]) }
        }
    }

    @Test("each byte of the presigned query counts", arguments: Vector.all)
    func refusesTamperedQuery(_ vector: Vector) throws {
        let signed = Vector.request(vector.files["query-signed-request.txt"] ?? "")
        let path = Array((signed.path ?? "").utf8)
        let mark = try #require(path.firstIndex(of: UInt8(ascii: "?")))
        for position in (mark + 1)..<path.count where path[position] < 0x80 {
            var bytes = path
            bytes[position] = bytes[position] == UInt8(ascii: "z") ? UInt8(ascii: "y") : UInt8(ascii: "z")
            var request = signed
            request.path = String(decoding: bytes, as: UTF8.self)
            #expect(throws: SignatureFailure.self, "byte \(position) of \(vector.name)") { try vector.verify(request) }
        }
    }

    @Test("the clock decides", arguments: Vector.all)
    func clock(_ vector: Vector) throws {
        func code(_ form: String, _ seconds: Int) -> SignatureFailure.Code? {
            let request = Vector.request(vector.files["\(form)-signed-request.txt"] ?? "")
            do throws(SignatureFailure) {
                try vector.verify(request, now: vector.date.advanced(bySeconds: seconds))
                return nil
            } catch { return error.code }
        }
        #expect(code("header", 300) == nil)
        #expect(code("header", 301) == .expired)
        #expect(code("header", -300) == nil)
        #expect(code("header", -301) == .notYetValid)
        #expect(code("query", vector.expiresSeconds) == nil)
        #expect(code("query", vector.expiresSeconds + 1) == .expired)
        #expect(code("query", -300) == nil)
        #expect(code("query", -301) == .notYetValid)
    }
}
