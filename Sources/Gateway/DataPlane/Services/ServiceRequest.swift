import HTTPTypes
import SigV4

/// One request to a service, ready to be signed.
struct ServiceRequest {
    var origin: EndpointOrigin
    var method: String
    var target: String
    var headers: HeaderFields
    var body: [UInt8]
    /// The action that it asks for, where it says one: `ListTopics`.
    private(set) var action: String?

    private static let form = "application/x-www-form-urlencoded"

    /// - Parameters:
    ///   - method: The integration's, or the client's.
    ///   - contentType: Of the body, where nothing is mapped.
    init(
        _ template: ServiceTemplate, _ mapped: MappedParameters, method: String, body: [UInt8], contentType: String?
    ) throws(GatewayError) {
        self.method = method
        self.body = method == "GET" || method == "HEAD" ? [] : body
        var type = mapped.headers.last { KnownHeader($0.name) == .contentType }?.value ?? contentType
        (origin, target) = try EndpointAddress(template.endpoint, mapped, proxied: []).resolved()
        headers = HeaderFields()
        // Whatever is mapped: another host may be another bucket, or another service.
        try headers.appendChecked("Host", template.host ?? origin.authority)
        let accept = mapped.headers.last { KnownHeader($0.name) == .accept }?.value ?? "application/json"
        switch template.action {
        case (let name, .query(let version), let parameters)?:
            let asksItself = Self.isAsked(in: self.body[...])
            action = name
            var pairs = parameters.map { ($0.name, $0.value) }
            if !asksItself { pairs = [("Action", name), ("Version", version)] + pairs }
            // The services take it for an `Accept` in the parameters.
            if accept.lowercased().contains("json") { pairs.append(("ContentType", "JSON")) }
            ask(pairs.map { "\(QueryText.encoded($0.0))=\(QueryText.encoded($0.1))" }, &type)
            try check(actions: Self.actions(target, self.body, type))
        case (let name, .json(let prefix, let version), _)?:
            let mappedTarget = mapped.headers.last { $0.name.lowercased() == "x-amz-target" }?.value
            action = mappedTarget.map(Self.action(ofTarget:)) ?? name
            self.method = "POST"
            if self.body.isEmpty { self.body = body.isEmpty ? Array("{}".utf8) : body }
            if !mapped.sets("X-Amz-Target") { headers.append("X-Amz-Target", "\(prefix).\(name)") }
            if !mapped.sets("Content-Type") { type = "application/x-amz-json-\(version)" }
        case nil:
            let asked = Self.actions(target, self.body, type)
            let mappedTarget = mapped.headers.last { $0.name.lowercased() == "x-amz-target" }?.value
            action = mappedTarget.map(Self.action(ofTarget:)) ?? asked.first
            if mappedTarget == nil { try check(actions: asked) }
        }
        if !self.body.isEmpty, !mapped.sets("Content-Type") {
            try headers.appendChecked("Content-Type", type ?? "application/json")
        }
        if !mapped.sets("Accept") { headers.append("Accept", "application/json") }
        for header in mapped.headers where !Self.isOfSignature(header.name) {
            try headers.appendChecked(header.name, header.value)
        }
        guard target.utf8.count <= Limits.endpointURIBytesMax else {
            throw .configuration("the endpoint's address is too long")
        }
    }

    /// Puts the parameters of a query service where the rest of them is: in the form, or in the address.
    private mutating func ask(_ pairs: [String], _ type: inout String?) {
        let isForm = type.map(MediaTypes.essence) == Self.form
        if method == "POST", isForm || body.isEmpty {
            let question = target.firstIndex(of: "?")
            var all = pairs
            if let question {
                // Those that are mapped, so that all of them are in one place.
                all.append(String(target[target.index(after: question)...]))
                target = String(target[..<question])
            }
            if !body.isEmpty { all.insert(String(decoding: body, as: UTF8.self), at: 0) }
            body = Array(all.joined(separator: "&").utf8)
            if !isForm { type = Self.form }
        } else {
            target += (target.contains("?") ? "&" : "?") + pairs.joined(separator: "&")
        }
    }

    private static func isAsked(in form: ArraySlice<UInt8>) -> Bool {
        QueryText.parameters(form).contains { $0.name == "Action" }
    }

    /// `DynamoDB_20120810.PutItem`: what follows the last dot.
    private static func action(ofTarget target: String) -> String {
        target.split(separator: ".").last.map(String.init) ?? target
    }

    /// Every `Action` of a query service, in the form and in the address.
    private static func actions(_ target: String, _ body: [UInt8], _ type: String?) -> [String] {
        var parameters: [(name: String, value: String)] = []
        if type.map(MediaTypes.essence) == form { parameters += QueryText.parameters(body[...]) }
        if let question = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            let query = Array(target.utf8[target.utf8.index(after: question)...])
            parameters += QueryText.parameters(query[...])
        }
        return parameters.filter { $0.name == "Action" }.map(\.value)
    }

    /// Of two actions the service would choose one, and the policies might have been asked about the other: a client
    /// whose body passes as it is could so have the role do whatever it may.
    private func check(actions: [String]) throws(GatewayError) {
        guard let other = actions.first(where: { $0 != action }) else { return }
        throw .configuration(
            "the request asks for the action `\(other.prefix(128))`, the integration for `\(action ?? "")`")
    }

    /// What the signature writes itself, whatever is mapped.
    private static func isOfSignature(_ name: String) -> Bool {
        ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"].contains(name.lowercased())
    }

    /// Adds the signature and the headers that belong to it.
    mutating func sign(
        with credentials: SigningCredentials, _ scope: SigningScope, at milliseconds: Int64, keys: SigningKeyCache
    ) throws(GatewayError) {
        guard let verb = HTTPRequest.Method(rawValue: method) else { throw .configuration("the method is not valid") }
        var fields = HTTPFields()
        for (name, value) in headers.all where KnownHeader(name) != .host {
            guard let name = HTTPField.Name(name) else { throw .configuration("the header `\(name)` is not valid") }
            fields.append(HTTPField(name: name, value: value))
        }
        var request = HTTPRequest(
            method: verb, scheme: nil, authority: headers.first(.host), path: target, headerFields: fields)
        Signer.sign(
            &request, body: body, credentials: credentials, scope: scope,
            at: SigningDate(secondsSince1970: Int(milliseconds / 1000)),
            payload: scope.service == "s3" ? .hashedWithHeader : .hashed, keys: keys)
        for name in ["X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256", "Authorization"] {
            guard let field = HTTPField.Name(name), let value = request.headerFields[field] else { continue }
            headers.set(name, value)
        }
    }
}
