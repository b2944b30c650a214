import Bytes
import JSON

/// The event that AWS_PROXY makes of a request: payload version 1.0.
///
/// SOURCE: recorded events of the service: the members, which of them are null, and the casing of headers.
struct ProxyEvent {
    let scope: ExchangeScope
    let traceID: String

    /// - Parameter body: Without what methods drop; empty counts as none.
    func document(body: [UInt8]) -> JSONObject {
        let request = scope.request
        let isBinary = !body.isEmpty && scope.facts.mediaTypes.isBinary(request.headers.first(.contentType))
        var event: JSONObject = ["resource": .string(scope.method?.resourcePath ?? "")]
        event["path"] = .string(path)
        event["httpMethod"] = .string(request.method)
        add(headers, "headers", "multiValueHeaders", to: &event)
        let query = Dictionary(grouping: request.queryParameters, by: \.name)
        var seen: Set<String> = []
        let names = request.queryParameters.map(\.name).filter { seen.insert($0).inserted }
        add(
            names.map { ($0, query[$0]?.map(\.value) ?? []) }, "queryStringParameters",
            "multiValueQueryStringParameters", to: &event)
        event["pathParameters"] = object(scope.pathParameters.map { ($0.name, $0.value) })
        event["stageVariables"] = object(scope.facts.variables.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        event["requestContext"] = .object(requestContext)
        if body.isEmpty {
            event["body"] = .null
        } else {
            let text = isBinary ? Base64.encoded(body) : UTF8Repair.repaired(body)
            event["body"] = .string(String(decoding: text, as: UTF8.self))
        }
        event["isBase64Encoded"] = .bool(isBinary)
        return event
    }

    /// Without the stage; doubled slashes before its first part are one.
    private var path: String {
        let slash = UInt8(ascii: "/")
        return "/" + String(decoding: scope.request.rest.drop { $0 == slash }, as: UTF8.self)
    }

    private func object(_ pairs: [(String, String)]) -> JSONValue {
        pairs.isEmpty ? .null : .object(JSONObject(pairs.map { ($0.0, .string($0.1)) }))
    }

    /// The map that shows the last value of each name, and the one that shows all.
    private func add(
        _ groups: [(name: String, values: [String])], _ single: String, _ multiple: String, to event: inout JSONObject
    ) {
        event[single] = object(groups.map { ($0.name, $0.values.last ?? "") })
        event[multiple] =
            groups.isEmpty
            ? .null : .object(JSONObject(groups.map { ($0.name, .array($0.values.map { .string($0) })) }))
    }

    /// What the edge leaves of the client's headers, and what it adds; by name, in the casing of its first.
    private var headers: [(name: String, values: [String])] {
        let request = scope.request
        var sent = request.templateHeaders
        if !request.isTest {
            let forwarded = request.headers.values("X-Forwarded-For") + [request.sourceIP]
            let added: [(name: String, value: String)] = [
                ("Host", request.headers.first(.host) ?? String(decoding: request.authority, as: UTF8.self)),
                ("X-Amzn-Trace-Id", traceID), ("X-Forwarded-For", forwarded.joined(separator: ", ")),
                ("X-Forwarded-Port", port), ("X-Forwarded-Proto", request.isSecure ? "https" : "http"),
            ]
            let names = Set(added.map { $0.name.lowercased() })
            sent.removeAll { names.contains($0.name.lowercased()) }
            sent += added
        }
        var positions: [String: Int] = [:]
        var groups: [(name: String, values: [String])] = []
        for header in sent {
            if let position = positions[header.name.lowercased()] {
                groups[position].values.append(header.value)
            } else {
                positions[header.name.lowercased()] = groups.count
                groups.append((header.name, [header.value]))
            }
        }
        return groups
    }

    /// The one that the client asked for.
    private var port: String {
        let authority = String(decoding: scope.request.authority, as: UTF8.self)
        let afterHost = authority.drop { $0 != "]" }
        let named = (afterHost.isEmpty ? authority[...] : afterHost).split(separator: ":").dropFirst().last
        return named.map(String.init) ?? (scope.request.isSecure ? "443" : "80")
    }

    private var requestContext: JSONObject {
        let known = scope.contextDocument
        var context = JSONObject()
        for name in [
            "resourceId", "authorizer", "resourcePath", "httpMethod", "extendedRequestId", "requestTime", "path",
            "accountId", "protocol", "stage", "domainPrefix", "requestTimeEpoch", "requestId", "identity",
            "domainName", "deploymentId", "apiId",
        ] {
            context[name] = name == "identity" ? .object(identity(known["identity"]?.object)) : known[name]
        }
        return context
    }

    private func identity(_ known: JSONObject?) -> JSONObject {
        var identity = JSONObject()
        for name in [
            "cognitoIdentityPoolId", "accountId", "cognitoIdentityId", "caller", "sourceIp", "principalOrgId",
            "accessKey", "cognitoAuthenticationType", "cognitoAuthenticationProvider", "userArn", "userAgent", "user",
        ] { identity[name] = known?[name] ?? .null }
        for name in ["apiKey", "apiKeyId"] { identity[name] = known?[name] }
        return identity
    }
}
