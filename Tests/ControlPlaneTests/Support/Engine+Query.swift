import ControlPlane
import HTTPTypes
import SigV4
import Testing

extension Engine {
    /// An answer in XML.
    struct QueryAnswer {
        var status: Int
        var text: String

        /// The text of the first element of this name.
        subscript(_ name: String) -> String? { all(name).first }

        /// The texts of all elements of this name, in order.
        func all(_ name: String) -> [String] {
            text.split(separator: "<\(name)>", omittingEmptySubsequences: false).dropFirst().map { rest in
                String(rest.split(separator: "</\(name)>", maxSplits: 1, omittingEmptySubsequences: false)[0])
            }
        }

        /// `NoSuchEntity: …`, as clients show it.
        var error: String? {
            guard let code = self["Code"], let message = self["Message"] else { return nil }
            return "\(code): \(message)"
        }
    }

    static let rootSigning = SigningCredentials(
        accessKeyID: root.accessKeyID, secretAccessKey: root.secretAccessKey)

    /// A request to IAM or STS, signed.
    func ask(
        _ action: String, _ parameters: [(String, String)] = [], service: String = "iam",
        as credentials: SigningCredentials? = rootSigning, at seconds: Int = Self.now
    ) async -> QueryAnswer {
        let version = service == "iam" ? "2010-05-08" : "2011-06-15"
        let pairs = [("Action", action), ("Version", version)] + parameters
        let body = pairs.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        return await ask(body: Array(body.utf8), service: service, as: credentials, at: seconds)
    }

    func ask(
        body: [UInt8], service: String = "iam", as credentials: SigningCredentials? = rootSigning,
        at seconds: Int = Self.now, method: HTTPRequest.Method = .post, path: String = "/"
    ) async -> QueryAnswer {
        var request = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:4600", path: path)
        request.headerFields[.contentType] = "application/x-www-form-urlencoded; charset=utf-8"
        if let credentials {
            Signer.sign(
                &request, body: body, credentials: credentials,
                scope: SigningScope(service: service, region: "us-east-1"), at: SigningDate(secondsSince1970: seconds))
        }
        let answer = await plane.respond(to: request, body: body)
        return QueryAnswer(
            status: answer.response.status.code, text: String(decoding: answer.body, as: UTF8.self))
    }

    /// A request that must succeed.
    @discardableResult
    func done(
        _ action: String, _ parameters: (String, String)..., service: String = "iam",
        as credentials: SigningCredentials? = rootSigning, sourceLocation: SourceLocation = #_sourceLocation
    ) async -> QueryAnswer {
        let answer = await ask(action, parameters, service: service, as: credentials)
        #expect(answer.status == 200, "\(action): \(answer.text)", sourceLocation: sourceLocation)
        return answer
    }

    /// A request that must be refused with `Code: message`.
    func refused(
        _ action: String, _ parameters: (String, String)..., status: Int = 400, service: String = "iam",
        as credentials: SigningCredentials? = rootSigning, says error: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let answer = await ask(action, parameters, service: service, as: credentials)
        #expect(answer.error == error, sourceLocation: sourceLocation)
        #expect(answer.status == status, sourceLocation: sourceLocation)
    }

    static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let scalar = Unicode.Scalar(byte)
            if (97...122).contains(byte | 0x20) || (48...57).contains(byte) || "-_.~".utf8.contains(byte) {
                result.unicodeScalars.append(scalar)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
    }

    static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Documents that many tests need.
enum Documents {
    static let allowAll =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#

    static func allow(_ action: String, on resource: String = "*") -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\#(action)","Resource":"\#(resource)"}]}"#
    }

    static func trust(_ kind: String, _ principal: String, action: String = "sts:AssumeRole") -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"\#(kind)":"\#(principal)"},"#
            + #""Action":"\#(action)"}]}"#
    }

    static let gatewayTrust = trust("Service", "apigateway.amazonaws.com")
}
