import JSON
import Resources

/// A method while its responses get the headers of a CORS rule.
struct CORSAnswer {
    static let allowOrigin = "Access-Control-Allow-Origin"
    static let allowCredentials = "Access-Control-Allow-Credentials"
    /// No body, and no request to a backend.
    private static let preflightStatus = "204"

    /// Gives the backend's answer as it is.
    private static let body = "$input.body"

    private(set) var document: JSONObject
    private let type: String
    private let takesBytes: Bool
    /// A response could not be given the header.
    private(set) var isIncomplete = false

    /// - Parameter takesBytes: The API has binary media types.
    init(_ document: JSONValue, type: String, takesBytes: Bool) {
        self.document = document.object ?? [:]
        self.type = type
        self.takesBytes = takesBytes
    }

    // MARK: - Asking before

    /// The OPTIONS method that answers what a browser asks before a request of another site.
    ///
    /// - Parameter verbs: The methods of the path.
    static func preflight(_ rule: CORSRule, _ verbs: [String]) -> JSONObject {
        let methods = rule.methods ?? (verbs.contains("ANY") ? CORSRule.allMethods : Set(verbs + ["OPTIONS"]).sorted())
        var headers = [("Access-Control-Allow-Methods", methods.joined(separator: ","))]
        if !rule.headers.isEmpty {
            headers.append(("Access-Control-Allow-Headers", rule.headers.joined(separator: ",")))
        }
        if let age = rule.maxAgeSeconds { headers.append(("Access-Control-Max-Age", "\(age)")) }
        headers += constants(rule)
        var declared: JSONObject = [:]
        var mapped: JSONObject = [:]
        for (name, value) in headers {
            declared["method.response.header.\(name)"] = false
            mapped["method.response.header.\(name)"] = .string("'\(value)'")
        }
        var response: JSONObject = ["responseParameters": .object(mapped)]
        if rule.onlyOrigin == nil {
            declared["method.response.header.\(allowOrigin)"] = false
            response["responseTemplates"] = ["application/json": .string(CORSTemplate.echo(rule.origins))]
        }
        return [
            "authorizationType": "NONE",
            "methodResponses": .object([preflightStatus: ["responseParameters": .object(declared)]]),
            "integration": [
                "type": "MOCK",
                "requestTemplates": ["application/json": .string("{\"statusCode\": \(preflightStatus)}")],
                "integrationResponses": .object([preflightStatus: .object(response)]),
            ],
        ]
    }

    /// Headers whose value does not depend on who asks.
    private static func constants(_ rule: CORSRule) -> [(name: String, value: String)] {
        var headers: [(String, String)] = []
        if let only = rule.onlyOrigin {
            headers.append((allowOrigin, only))
        } else {
            // What is kept of one site's answer must not be given to another.
            headers.append(("Vary", "Origin"))
        }
        if rule.allowsCredentials { headers.append((allowCredentials, "true")) }
        return headers
    }

    // MARK: - Answers

    /// Gives every integration response the headers that it does not set itself.
    mutating func allow(_ rule: CORSRule) {
        guard var integration = document["integration"]?.object,
            var responses = integration["integrationResponses"]?.object,
            var declared = document["methodResponses"]?.object
        else { return }
        var headers = Self.constants(rule)
        if !rule.exposedHeaders.isEmpty {
            headers.append(("Access-Control-Expose-Headers", rule.exposedHeaders.joined(separator: ",")))
        }
        for (status, value) in responses {
            guard var response = value.object, var method = declared[status]?.object else { continue }
            var mapped = response["responseParameters"]?.object ?? [:]
            // Somebody who names the origin himself says all that is to be said.
            guard !mapped.hasHeader(Self.allowOrigin), !hasOwnTemplate(response) else { continue }
            if rule.onlyOrigin == nil, !echo(rule, status: status, in: &response) {
                isIncomplete = true
                continue
            }
            var known = method["responseParameters"]?.object ?? [:]
            if rule.onlyOrigin == nil, !known.hasHeader(Self.allowOrigin) {
                known["method.response.header.\(Self.allowOrigin)"] = false
            }
            for (name, value) in headers where !mapped.hasHeader(name) {
                let parameter = known.parameter(of: name) ?? "method.response.header.\(name)"
                if known[parameter] == nil { known[parameter] = false }
                mapped[parameter] = .string("'\(value)'")
            }
            method["responseParameters"] = .object(known)
            response["responseParameters"] = .object(mapped)
            declared[status] = .object(method)
            responses[status] = .object(response)
        }
        integration["integrationResponses"] = .object(responses)
        document["integration"] = .object(integration)
        document["methodResponses"] = .object(declared)
    }

    private func hasOwnTemplate(_ response: JSONObject) -> Bool {
        response["responseTemplates"]?.object?.contains {
            $0.value.string?.lowercased().contains(Self.allowOrigin.lowercased()) == true
        } == true
    }

    /// Puts the condition in front of every template, or makes one; false where no template may be.
    private func echo(_ rule: CORSRule, status: String, in response: inout JSONObject) -> Bool {
        let echo = CORSTemplate.echo(rule.origins)
        let hasBody = type != "MOCK" && status != "204" && status != "304"
        let templates = response["responseTemplates"]?.object ?? [:]
        let mayBeBytes = takesBytes || response["contentHandling"] != nil
        if mayBeBytes, hasBody, templates.isEmpty || templates.contains(where: { $0.value.string == nil }) {
            return false
        }
        var changed = JSONObject()
        for (type, text) in templates {
            changed[type] = .string(echo + (text.string ?? (hasBody ? Self.body : "")))
        }
        if templates.isEmpty { changed["application/json"] = .string(echo + (hasBody ? Self.body : "")) }
        response["responseTemplates"] = .object(changed)
        return true
    }
}

extension JSONObject {
    /// The parameter for the header as it is declared, whatever its case.
    fileprivate func parameter(of name: String) -> String? {
        first { $0.name.lowercased() == "method.response.header.\(name.lowercased())" }?.name
    }
}
