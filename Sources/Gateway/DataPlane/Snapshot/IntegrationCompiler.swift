import JSON
import RequestModels

/// Compiles the `methodIntegration` of a method.
struct IntegrationCompiler {
    let facts: StageFacts

    func compile(_ document: JSONValue?) throws(CompileStop) -> CompiledIntegration {
        guard let document, let type = document["type"]?.string else {
            throw CompileStop(.integration, "it has no integration")
        }
        if document["responseTransferMode"]?.string == "STREAM" {
            throw CompileStop(.integration, "the response transfer mode `STREAM` is not offered")
        }
        let httpMethod = document["httpMethod"]?.string
        return CompiledIntegration(
            kind: try kind(type, document, httpMethod), linkID: try linkID(type, document),
            httpMethod: httpMethod == "ANY" ? nil : httpMethod,
            parameters: try requestMappings(document["requestParameters"]),
            templates: try CompiledTemplates(document["requestTemplates"]),
            passthrough: try passthrough(document["passthroughBehavior"]),
            contentHandling: try contentHandling(document["contentHandling"]),
            timeout: try timeout(document["timeoutInMillis"]),
            responses: try responses(document["integrationResponses"]),
            fixed: nil)
    }

    private func kind(
        _ type: String, _ document: JSONValue, _ httpMethod: String?
    ) throws(CompileStop) -> CompiledIntegration.Kind {
        switch type {
        case "MOCK": return .mock
        case "HTTP", "HTTP_PROXY":
            guard let uri = document["uri"]?.string else { throw CompileStop(.endpoint, "its integration has no uri") }
            guard let httpMethod, !httpMethod.isEmpty, httpMethod.utf8.allSatisfy(HeadScanner.isToken) else {
                throw CompileStop(.endpoint, "its integration has no HTTP method")
            }
            let skips = document["tlsConfig"]?.object?["insecureSkipVerification"]?.bool == true
            let endpoint = try EndpointTemplate(parsing: uri, stageVariables: facts.variables, verifies: !skips)
            return type == "HTTP" ? .http(endpoint) : .httpProxy(endpoint)
        case "AWS", "AWS_PROXY":
            let uri = document["uri"]?.string ?? ""
            guard FunctionTarget.isFunction(EndpointTemplate.fill(uri, facts.variables)) else {
                guard type == "AWS" else {
                    throw CompileStop(.integration, "`AWS_PROXY` is for functions, and `\(uri)` is none")
                }
                try checkHeaders(document["requestParameters"])
                return .service(
                    try ServiceTemplate(
                        parsing: uri, credentials: document["credentials"]?.string, facts.variables,
                        facts.services.endpoints))
            }
            var target = try FunctionTarget(
                parsing: uri, credentials: document["credentials"], stageVariables: facts.variables,
                account: facts.accountID)
            target.service = try ServiceTemplate(
                elsewhere: uri, credentials: document["credentials"]?.string, facts.variables, facts.services.endpoints)
            try checkHeaders(document["requestParameters"])
            return type == "AWS" ? .function(target) : .functionProxy(target)
        default: throw CompileStop(.integration, "integrations of type `\(type)` are not offered")
        }
    }

    private func linkID(_ type: String, _ document: JSONValue) throws(CompileStop) -> String? {
        let connection = document["connectionType"]?.string ?? "INTERNET"
        if connection == "INTERNET" { return nil }
        guard connection == "VPC_LINK", ["HTTP", "HTTP_PROXY"].contains(type) else {
            throw CompileStop(.integration, "the connection type `\(connection)` is not offered for type `\(type)`")
        }
        let named = document["connectionId"]?.string ?? ""
        let id = EndpointTemplate.fill(named, facts.variables)
        guard !id.isEmpty else {
            throw CompileStop(
                .endpoint, "its connection id `\(named)` names no VPC link, perhaps for an unset variable")
        }
        return id
    }

    /// SOURCE: recorded: a call of a service fails where one of these is mapped.
    private func checkHeaders(_ document: JSONValue?) throws(CompileStop) {
        let prefix = "integration.request.header."
        for member in document?.object?.members ?? [] where member.name.hasPrefix(prefix) {
            switch KnownHeader(String(member.name.dropFirst(prefix.count))) {
            case .authorization, .connection, .contentLength, .expect, .proxyAuthenticate, .te, .transferEncoding:
                throw CompileStop(.mapping, "`\(member.name)` cannot be mapped for a service")
            default: continue
            }
        }
    }

    private func requestMappings(_ document: JSONValue?) throws(CompileStop) -> [RequestMapping] {
        var mappings: [RequestMapping] = []
        for member in document?.object?.members ?? [] {
            mappings.append(try RequestMapping(target: member.name, source: member.value))
        }
        return mappings
    }

    private func passthrough(_ value: JSONValue?) throws(CompileStop) -> CompiledIntegration.Passthrough {
        guard let text = value?.string else { return .whenNoMatch }
        guard let behavior = CompiledIntegration.Passthrough(rawValue: text) else {
            throw CompileStop(.integration, "the passthrough behavior `\(text)` does not exist")
        }
        return behavior
    }

    private func contentHandling(_ value: JSONValue?) throws(CompileStop) -> CompiledIntegration.ContentHandling? {
        guard let text = value?.string else { return nil }
        guard let handling = CompiledIntegration.ContentHandling(rawValue: text) else {
            throw CompileStop(.integration, "the content handling `\(text)` does not exist")
        }
        return handling
    }

    private func timeout(_ value: JSONValue?) throws(CompileStop) -> Int {
        guard let value, !value.isNull else { return Limits.integrationTimeoutMillisecondsMax }
        let range = Limits.integrationTimeoutMillisecondsMin...Limits.integrationTimeoutMillisecondsMax
        guard let timeout = value.int, range.contains(timeout) else {
            throw CompileStop(.integration, "its timeout is not within \(range.lowerBound) and \(range.upperBound) ms")
        }
        return timeout
    }

    /// By status, lowest first, since the lowest wins where several patterns match.
    private func responses(_ document: JSONValue?) throws(CompileStop) -> [CompiledResponse] {
        var responses: [CompiledResponse] = []
        for member in document?.object?.members ?? [] {
            guard let status = Int(member.name), (200...599).contains(status) else {
                throw CompileStop(.integration, "the response status `\(member.name)` is not valid")
            }
            responses.append(try response(status, member.value))
        }
        return responses.sorted { $0.status < $1.status }
    }

    private func response(_ status: Int, _ document: JSONValue) throws(CompileStop) -> CompiledResponse {
        var mappings: [ResponseMapping] = []
        for member in document["responseParameters"]?.object?.members ?? [] {
            mappings.append(try ResponseMapping(target: member.name, source: member.value))
        }
        var pattern: TextPattern?
        if let text = document["selectionPattern"]?.string, !text.isEmpty {
            do {
                pattern = try TextPattern(parsing: text, dialect: .selection)
            } catch {
                throw CompileStop(.pattern, "the selection pattern `\(text)` is not valid: \(error.reason)")
            }
        }
        return CompiledResponse(
            status: status, pattern: pattern, mappings: mappings,
            templates: try CompiledTemplates(document["responseTemplates"]),
            contentHandling: try contentHandling(document["contentHandling"]))
    }
}
