import Diagnostics
import IAMPolicy
import Testing

/// The policies of the getting-started page (A0.1 to A0.3).
@Suite struct WalkthroughTests {
    @Test("A0.1: an administrator of API Gateway may create APIs and may not call them")
    func administrator() throws {
        let group = try policies(
            #"{"Effect": "Allow", "Action": ["apigateway:*"], "Resource": "arn:aws:apigateway:*::/*"}"#, name: "admin")
        let layers = PolicyLayers(identity: [PolicySet([]), group])
        let request = AccessRequest(
            caller: .dev, action: "apigateway:POST", resource: "arn:aws:apigateway:us-east-1::/restapis")
        let decision = layers.decision(request)
        #expect(decision.outcome == .allowed)
        #expect(decision.layer == .identity)
        #expect(decision.statement == StatementOrigin(policy: "admin", index: 0, sid: nil, span: nil))
        let arn = "arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET/pets"
        #expect(layers.outcome(.dev, "execute-api:Invoke", arn) == .implicitlyDenied)
        #expect(PolicyLayers().decision(request).outcome == .implicitlyDenied)
        #expect(PolicyLayers().decision(request).layer == .identity)
    }

    @Test("A0.2: one who may invoke may not manage")
    func invoker() throws {
        let layers = PolicyLayers(identity: [
            try policies(
                #"{"Effect": "Allow", "Action": ["execute-api:Invoke"], "Resource": "arn:aws:execute-api:*:*:*"}"#)
        ])
        let arn = "arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET/pets"
        #expect(layers.outcome(.dev, "execute-api:Invoke", arn) == .allowed)
        #expect(layers.outcome(.dev, "EXECUTE-API:invoke", arn) == .allowed)
        #expect(
            layers.outcome(.dev, "apigateway:GET", "arn:aws:apigateway:us-east-1::/restapis") == .implicitlyDenied)
    }

    @Test("A0.3: the ARN with an account matches nothing, is warned of, and is corrected")
    func documentation() throws {
        func statement(_ arn: String) -> String {
            #"{"Effect": "Allow", "Action": ["apigateway:GET", "apigateway:POST"], "Resource": "\#(arn)"}"#
        }
        let written = "arn:aws:apigateway::123456789012:/restapis/*/documentation/*"
        let meant = "arn:aws:apigateway:*::/restapis/*/documentation/*"
        let reading = PolicyDocument.read(
            text: #"{"Version": "2012-10-17", "Statement": \#(statement(written))}"#, as: .identity)
        #expect(reading.document != nil)
        #expect(reading.diagnostics.map(\.code) == [PolicyCode.matchesNothing.rawValue])
        #expect(reading.diagnostics[0].message == "no API Gateway management ARN has an account")
        #expect(reading.diagnostics[0].remedy == "did you mean `\(meant)`")

        let parts = "arn:aws:apigateway:us-east-1::/restapis/a1b2c3/documentation/parts"
        let asWritten = PolicyLayers(identity: [try policies(statement(written))])
        #expect(asWritten.outcome(.dev, "apigateway:GET", parts) == .implicitlyDenied)
        let corrected = PolicyLayers(identity: [try policies(statement(meant))])
        #expect(corrected.outcome(.dev, "apigateway:GET", parts) == .allowed)
        #expect(corrected.outcome(.dev, "apigateway:POST", parts) == .allowed)
        #expect(corrected.outcome(.dev, "apigateway:DELETE", parts) == .implicitlyDenied)
        let resources = "arn:aws:apigateway:us-east-1::/restapis/a1b2c3/resources"
        #expect(corrected.outcome(.dev, "apigateway:GET", resources) == .implicitlyDenied)
    }
}
