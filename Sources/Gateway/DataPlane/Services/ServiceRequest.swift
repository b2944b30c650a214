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
        try headers.appendChecked("Host", mapped.host ?? template.host ?? origin.authority)
        let accept = mapped.headers.last { KnownHeader($0.name) == .accept }?.value ?? "application/json"
        switch template.action {
        case (let name, .query(let version), let parameters)?:
            let asked = QueryText.parameters(self.body[...]).first { $0.name == "Action" }?.value
            action = asked ?? name
            var pairs = parameters.map { ($0.name, $0.value) }
            if asked == nil { pairs = [("Action", name), ("Version", version)] + pairs }
            // The services take it for an `Accept` in the parameters.
            if accept.lowercased().contains("json") { pairs.append(("ContentType", "JSON")) }
            ask(pairs.map { "\(QueryText.encoded($0.0))=\(QueryText.encoded($0.1))" }, &type)
        case (let name, .json(let prefix, let version), _)?:
            action = name
            self.method = "POST"
            if self.body.isEmpty { self.body = body.isEmpty ? Array("{}".utf8) : body }
            if !mapped.sets("X-Amz-Target") { headers.append("X-Amz-Target", "\(prefix).\(name)") }
            if !mapped.sets("Content-Type") { type = "application/x-amz-json-\(version)" }
        case nil: action = Self.action(mapped, target, self.body, type)
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

    /// What a `path/` request asks for, where it says so.
    private static func action(
        _ mapped: MappedParameters, _ target: String, _ body: [UInt8], _ type: String?
    ) -> String? {
        if let header = mapped.headers.last(where: { $0.name.lowercased() == "x-amz-target" })?.value {
            return header.split(separator: ".").last.map(String.init)
        }
        if type.map(MediaTypes.essence) == form,
            let action = QueryText.parameters(body[...]).first(where: { $0.name == "Action" })?.value
        {
            return action
        }
        guard let question = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        let query = Array(target.utf8[target.utf8.index(after: question)...])
        return QueryText.parameters(query[...]).first { $0.name == "Action" }?.value
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
