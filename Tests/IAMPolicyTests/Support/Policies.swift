import Diagnostics
import IAMPolicy
import JSON
import Testing

/// A document from its text; fails the test if it is not valid.
func document(
    _ text: String, as kind: PolicyKind = .identity, sourceLocation: SourceLocation = #_sourceLocation
) throws -> PolicyDocument {
    let reading = PolicyDocument.read(text: text, as: kind)
    #expect(reading.diagnostics.filter { $0.severity == .error } == [], sourceLocation: sourceLocation)
    return try #require(reading.document, sourceLocation: sourceLocation)
}

/// A set of one policy, its statements given as JSON, in version 2012-10-17.
func policies(
    _ statements: String, as kind: PolicyKind = .identity, name: String = "p",
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> PolicySet {
    let text = #"{"Version": "2012-10-17", "Statement": [\#(statements)]}"#
    return PolicySet(try document(text, as: kind, sourceLocation: sourceLocation), name: name)
}

extension Caller {
    static let dev = Caller.user(arn: "arn:aws:iam::123456789012:user/dev", id: "AIDADEVDEVDEVDEV")
    static let session = Caller.session(
        ofRole: "arn:aws:iam::123456789012:role/team/worker", name: "s1", roleID: "AROAWORKERWORKER")
    static let stranger = Caller.user(arn: "arn:aws:iam::999999999999:user/eve", id: "AIDAEVEEVEEVEEVE")
}

extension PolicyLayers {
    func outcome(
        _ caller: Caller, _ action: String, _ resource: String, _ context: RequestContext = RequestContext()
    ) -> AccessDecision.Outcome {
        decision(AccessRequest(caller: caller, action: action, resource: resource, context: context)).outcome
    }
}
