import Foundation
import HTTPTypes
import JSON
import SigV4
import Testing

/// One case of the published signing suite.
struct Vector: Sendable, CustomTestStringConvertible {
    var name: String
    var request: HTTPRequest
    var credentials: SigningCredentials
    var scope: SigningScope
    var date: SigningDate
    var expiresSeconds: Int
    var pathForm: PathForm
    var files: [String: String]

    var testDescription: String { name }

    static let folder = ProcessInfo.processInfo.environment["GATEWRIGHT_CORPORA"].map { $0 + "/sigv4" }

    static var all: [Vector] {
        guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
        return names.sorted().compactMap { name in
            guard FileManager.default.fileExists(atPath: "\(folder)/\(name)/context.json") else { return nil }
            return try? Vector(name: name, folder: "\(folder)/\(name)")
        }
    }

    init(name: String, folder: String) throws {
        self.name = name
        var files: [String: String] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[file] = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        }
        self.files = files
        let context = try JSONValue(parsing: files["context.json"] ?? "")
        request = Vector.request(files["request.txt"] ?? "")
        credentials = SigningCredentials(
            accessKeyID: context["credentials"]?["access_key_id"]?.string ?? "",
            secretAccessKey: context["credentials"]?["secret_access_key"]?.string ?? "",
            sessionToken: context["credentials"]?["token"]?.string)
        scope = SigningScope(
            service: context["service"]?.string ?? "", region: context["region"]?.string ?? "")
        let stamp = (context["timestamp"]?.string ?? "").filter { $0 != "-" && $0 != ":" }
        guard let date = SigningDate(text: stamp) else { throw CocoaError(.fileReadCorruptFile) }
        self.date = date
        expiresSeconds = context["expiration_in_seconds"]?.int ?? 0
        pathForm = context["normalize"]?.bool == false ? .verbatim : .normalized
    }

    static func request(_ text: String) -> HTTPRequest {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines[0]
        let method = start.prefix { $0 != " " }
        let path = start.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count)
        var request = HTTPRequest(
            method: HTTPRequest.Method(String(method)) ?? .get, scheme: "https", authority: nil, path: String(path))
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), let name = HTTPField.Name(String(line[..<colon])) else {
                continue
            }
            let value = String(line[line.index(after: colon)...])
            if name.canonicalName == "host" {
                request.authority = value
            } else {
                request.headerFields.append(HTTPField(name: name, value: value))
            }
        }
        return request
    }

    /// The headers that the suite signs in each form.
    func canonical(_ request: HTTPRequest) throws -> CanonicalRequest {
        let signed = try SignedRequest.parse(request)
        return CanonicalRequest(
            request, pathForm: pathForm, signedHeaders: signed.signedHeaders, payload: PayloadHash(of: []))
    }

    func verify(_ request: HTTPRequest, body: [UInt8] = [], now: SigningDate? = nil) throws(SignatureFailure) {
        let signed = try SignedRequest.parse(request)
        try Verifier().verify(
            signed, of: request, secret: credentials.secretAccessKey, bodyHash: PayloadHash(of: body),
            expecting: Verifier.Expectation(service: scope.service, region: scope.region), now: now ?? date,
            pathForm: pathForm)
    }
}
