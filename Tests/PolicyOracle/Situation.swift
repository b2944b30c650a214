package import IAMPolicy
package import JSON

/// Policies as JSON and a request: what both evaluators are asked about.
package struct Situation: CustomStringConvertible {
    package var caller: Caller
    package var action: String
    package var resource: String
    package var context: [String: [String]]
    package var identity: [JSONValue]
    package var boundary: JSONValue?
    package var session: JSONValue?
    package var resourcePolicy: JSONValue?
    package var isTrust: Bool

    package init(
        caller: Caller, action: String, resource: String, context: [String: [String]] = [:], identity: [JSONValue] = [],
        boundary: JSONValue? = nil, session: JSONValue? = nil, resourcePolicy: JSONValue? = nil, isTrust: Bool = false
    ) {
        self.caller = caller
        self.action = action
        self.resource = resource
        self.context = context
        self.identity = identity
        self.boundary = boundary
        self.session = session
        self.resourcePolicy = resourcePolicy
        self.isTrust = isTrust
    }

    /// Nil if one of the documents is not valid.
    package var layers: PolicyLayers? {
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

    package var request: AccessRequest {
        AccessRequest(caller: caller, action: action, resource: resource, context: RequestContext(context))
    }

    /// The document that a decision names.
    package func document(_ name: String) -> JSONValue? {
        switch name {
        case "boundary": boundary
        case "session": session
        case "resource": resourcePolicy
        default: Int(name.dropFirst("identity".count)).flatMap { identity.indices.contains($0) ? identity[$0] : nil }
        }
    }

    package var description: String {
        var lines = ["\(caller.kind) \(caller.arn): \(action) on \(resource)", "context \(context)"]
        for policy in identity { lines.append("identity \(policy.text(.compact))") }
        if let boundary { lines.append("boundary \(boundary.text(.compact))") }
        if let session { lines.append("session \(session.text(.compact))") }
        if let resourcePolicy { lines.append("resource \(resourcePolicy.text(.compact))") }
        return lines.joined(separator: "\n")
    }
}
