import JSON
import Resources

/// An OPTIONS method as a CORS rule makes it for each path, in the few words that tell it from others.
///
/// It is known by its shape, not by where it comes from: a plan that removes it knows no rule any more. A document that says
/// anything else besides is none.
struct Preflight {
    let origins: [String]
    let methods: String
    /// What is allowed beyond that: headers, age, credentials.
    private let rest: [String]

    private static let prefix = "method.response.header."

    init?(_ document: JSONValue?) {
        guard let document = document?.object, document["authorizationType"] == "NONE",
            Set(document.names) == ["authorizationType", "integration", "methodResponses"],
            let integration = document["integration"]?.object, integration["type"] == "MOCK",
            Set(integration.names) == ["type", "requestTemplates", "integrationResponses"],
            integration["requestTemplates"] == ["application/json": "{\"statusCode\": 204}"],
            let responses = integration["integrationResponses"]?.object, responses.names == ["204"],
            let response = responses["204"]?.object,
            Set(response.names).isSubset(of: ["responseParameters", "responseTemplates"]),
            var headers = Self.headers(response["responseParameters"]),
            let methods = headers.removeValue(forKey: "Access-Control-Allow-Methods"),
            let declared = document["methodResponses"]?.object, declared.names == ["204"],
            declared["204"]?.object?.names == ["responseParameters"]
        else { return nil }
        self.methods = methods
        if let templates = response["responseTemplates"]?.object {
            guard templates.names == ["application/json"], headers.removeValue(forKey: "Vary") == "Origin",
                let origins = templates["application/json"]?.string.flatMap(CORSTemplate.origins)
            else { return nil }
            self.origins = origins
        } else {
            guard let origin = headers.removeValue(forKey: "Access-Control-Allow-Origin") else { return nil }
            origins = [origin]
        }
        var rest: [String] = []
        if let allowed = headers.removeValue(forKey: "Access-Control-Allow-Headers") {
            rest.append("headers \(allowed)")
        }
        if let age = headers.removeValue(forKey: "Access-Control-Max-Age") { rest.append("kept for \(age) s") }
        if headers.removeValue(forKey: "Access-Control-Allow-Credentials") == "true" { rest.append("with credentials") }
        guard headers.isEmpty else { return nil }
        self.rest = rest
    }

    /// The headers by name, without the quotes of literals; nil if one is no literal.
    private static func headers(_ parameters: JSONValue?) -> [String: String]? {
        var headers: [String: String] = [:]
        for (name, value) in parameters?.object ?? [:] {
            guard name.hasPrefix(prefix), let text = value.string, text.count >= 2, text.hasPrefix("'"),
                text.hasSuffix("'")
            else { return nil }
            headers[String(name.dropFirst(prefix.count))] = String(text.dropFirst().dropLast())
        }
        return headers
    }

    /// `https://shop.example, http://localhost:3000`
    var sites: String {
        let shown = origins.prefix(Limits.originsShownMax).joined(separator: ", ")
        let more = origins.count - Limits.originsShownMax
        return origins == ["*"] ? "all sites" : more > 0 ? "\(shown) and \(more) more" : shown
    }

    /// Everything on one line.
    var text: String {
        let sites = origins == ["*"] ? "all sites" : origins.joined(separator: ", ")
        return (["CORS: \(methods) for \(sites)"] + rest).joined(separator: "; ")
    }
}
