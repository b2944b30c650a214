import IAMPolicy
import JSON

/// Policies as JSON and a request: what both evaluators are asked about.
struct Situation: CustomStringConvertible {
    var caller: Caller
    var action: String
    var resource: String
    var context: [String: [String]]
    var identity: [JSONValue]
    var boundary: JSONValue?
    var session: JSONValue?
    var resourcePolicy: JSONValue?
    var isTrust = false

    /// Nil if one of the documents is not valid.
    var layers: PolicyLayers? {
        func set(_ value: JSONValue?, _ kind: PolicyKind, _ name: String) -> PolicySet?? {
            guard let value else { return .some(nil) }
            guard let document = PolicyDocument.read(value, as: kind, sizeMax: .max).document else { return nil }
            return PolicySet(document, name: name)
        }
        var layers = PolicyLayers(resourceMustAllow: isTrust)
        for (index, value) in identity.enumerated() {
            guard case .some(.some(let set)) = set(value, .identity, "identity\(index)") else { return nil }
            layers.identity.append(set)
        }
        guard let boundary = set(boundary, .boundary, "boundary"), let session = set(session, .session, "session"),
            let resource = set(resourcePolicy, isTrust ? .trust : .resource, "resource")
        else { return nil }
        layers.boundary = boundary
        layers.session = session
        layers.resource = resource
        return layers
    }

    var request: AccessRequest {
        AccessRequest(caller: caller, action: action, resource: resource, context: RequestContext(context))
    }

    /// The document that a decision names.
    func document(_ name: String) -> JSONValue? {
        switch name {
        case "boundary": boundary
        case "session": session
        case "resource": resourcePolicy
        default: Int(name.dropFirst("identity".count)).flatMap { identity.indices.contains($0) ? identity[$0] : nil }
        }
    }

    var description: String {
        var lines = ["\(caller.kind) \(caller.arn): \(action) on \(resource)", "context \(context)"]
        for policy in identity { lines.append("identity \(policy.text(.compact))") }
        if let boundary { lines.append("boundary \(boundary.text(.compact))") }
        if let session { lines.append("session \(session.text(.compact))") }
        if let resourcePolicy { lines.append("resource \(resourcePolicy.text(.compact))") }
        return lines.joined(separator: "\n")
    }
}
