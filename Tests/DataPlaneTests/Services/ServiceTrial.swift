import HTTPTypes
import IAMPolicy
import JSON
import SigV4
import Synchronization
import Testing

@testable import DataPlane

/// A route with an integration of type AWS, and roles that are made up for the test.
struct ServiceTrial {
    static let role = "arn:aws:iam::123456789012:role/exec"

    /// Roles as a test wants them: it makes credentials that live for an hour.
    final class Roles: RoleCredentials {
        private let policy: String
        private let refusal: RoleRefusal?
        let made = Mutex(0)
        let sources = Mutex<[String]>([])

        init(_ policy: String, refusal: RoleRefusal? = nil) {
            self.policy = policy
            self.refusal = refusal
        }

        func credentials(
            ofRole arn: String, service: String, source: String, at milliseconds: Int64
        ) throws(RoleRefusal) -> TemporaryCredentials {
            sources.withLock { $0.append(source) }
            if let refusal { throw refusal }
            let number = made.withLock { number in
                number += 1
                return number
            }
            let document = PolicyDocument.read(text: policy, as: .identity, sizeMax: .max).document
            let layers = PolicyLayers(identity: document.map { [PolicySet($0, name: "p")] } ?? [])
            let expires = Int(milliseconds / 1000) + 3600
            let key = "ASIATEST\(number)"
            return TemporaryCredentials(
                signing: SigningCredentials(accessKeyID: key, secretAccessKey: "role secret", sessionToken: "token"),
                expires: expires,
                holder: KnownCaller(
                    accessKeyID: key, secret: "role secret", caller: .session(ofRole: arn, name: "Backplane"),
                    layers: layers, expires: expires))
        }
    }

    static func allowing(_ action: String, on resource: String = "*", effect: String = "Allow") -> String {
        """
        {"Version": "2012-10-17", "Statement": [{"Effect": "\(effect)", "Action": "\(action)", "Resource": "\(resource)"}]}
        """
    }

    let trial: ExchangeTrial
    let roles: Roles
    let backends: ServiceBackends

    /// - Parameters:
    ///   - uri: What follows `arn:aws:apigateway:us-east-1:`.
    ///   - more: Further members of the integration, each with a comma before it.
    init(
        _ uri: String, _ verb: String = "POST", path: String = "/call", more: String = "", policy: String? = nil,
        credentials: String? = role, refusal: RoleRefusal? = nil, endpoints: EndpointMap = EndpointMap(),
        variables: [String: String] = [:], binary: [String] = []
    ) throws {
        let named = credentials.map { #", "credentials": "\#($0)""# } ?? ""
        let responses = #""200": {"statusCode": "200"}, "403": {"statusCode": "403", "selectionPattern": "403"}"#
        let route = try Route(
            "ANY", path,
            """
            {"type": "AWS", "httpMethod": "\(verb)", "uri": "arn:aws:apigateway:us-east-1:\(uri)"\(named)
             \(more.contains("integrationResponses") ? "" : ", \"integrationResponses\": {\(responses)}") \(more)}
            """)
        backends = ServiceBackends(endpoints)
        roles = Roles(policy ?? Self.allowing("*"), refusal: refusal)
        backends.roles.publish(roles)
        let definition = StageDefinition.testing([route], variables: variables, binaryMediaTypes: binary)
        var trial = ExchangeTrial(definition)
        trial.snapshot = StageSnapshot(compiling: definition, services: backends)
        self.trial = trial
    }

    /// The call, its signature checked with the secret that it must be made with.
    func signed(
        _ method: String = "POST", _ target: String = "/call", headers: [(String, String)] = [], body: [UInt8] = [],
        service: String, region: String = "us-east-1", secret: String = "role secret"
    ) throws -> EndpointCall {
        let call = try trial.call(method, target, headers: headers, body: body)
        var fields = HTTPFields()
        for (name, value) in call.headers.all where name != "Host" {
            fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        let request = HTTPRequest(
            method: try #require(HTTPRequest.Method(call.method)), scheme: nil, authority: call.headers.first("Host"),
            path: call.target, headerFields: fields)
        try Verifier().verify(
            try SignedRequest.parse(request), of: request, secret: secret, bodyHash: PayloadHash(of: call.bodyBytes),
            expecting: Verifier.Expectation(service: service, region: region),
            now: SigningDate(secondsSince1970: Int(ExchangeTrial.identity.milliseconds / 1000)))
        return call
    }
}
