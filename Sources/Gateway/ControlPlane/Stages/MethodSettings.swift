import JSON

/// `methodSettings` of a stage, written one setting at a time.
enum MethodSettings {
    /// What the first write to a method's settings starts from.
    private static let defaults: JSONObject = [
        "metricsEnabled": false, "dataTraceEnabled": false, "throttlingBurstLimit": 5000,
        "throttlingRateLimit": .number(JSONNumber(text: "10000.0")), "cachingEnabled": false,
        "cacheTtlInSeconds": 300, "cacheDataEncrypted": false, "requireAuthorizationForCacheControl": true,
        "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
    ]

    private enum Value { case flag, count, rate, level, strategy }

    private static let settings: [String: (member: String, value: Value)] = [
        "metrics/enabled": ("metricsEnabled", .flag),
        "logging/dataTrace": ("dataTraceEnabled", .flag),
        "logging/loglevel": ("loggingLevel", .level),
        "throttling/burstLimit": ("throttlingBurstLimit", .count),
        "throttling/rateLimit": ("throttlingRateLimit", .rate),
        "caching/ttlInSeconds": ("cacheTtlInSeconds", .count),
        "caching/enabled": ("cachingEnabled", .flag),
        "caching/dataEncrypted": ("cacheDataEncrypted", .flag),
        "caching/requireAuthorizationForCacheControl": ("requireAuthorizationForCacheControl", .flag),
        "caching/unauthorizedCacheControlHeaderStrategy": ("unauthorizedCacheControlHeaderStrategy", .strategy),
    ]

    /// The service's own text, its missing separators included.
    static func unknownPath(_ path: String) -> ServiceError {
        .badRequest("Invalid method setting path: \(path). Must be one of: [\(validPaths)]")
    }

    private static let validPaths: String = {
        func list(_ start: String, burst: String, rate: String) -> String {
            let before = ["metrics/enabled", "logging/dataTrace", "logging/loglevel"].map { start + $0 + ", " }.joined()
            let throttling = "\(start)throttling/burstLimit\(burst)\(start)throttling/rateLimit\(rate)"
            let after = [
                "ttlInSeconds", "enabled", "dataEncrypted", "requireAuthorizationForCacheControl",
                "unauthorizedCacheControlHeaderStrategy",
            ].map { start + "caching/" + $0 }.joined(separator: ", ")
            return before + throttling + after
        }
        return [
            "/deploymentId", "/description", "/cacheClusterEnabled", "/cacheClusterSize", "/clientCertificateId",
            "/accessLogSettings", "/accessLogSettings/destinationArn", "/accessLogSettings/format",
            list("/{resourcePath}/{httpMethod}/", burst: "", rate: ""),
            list("/*/*/", burst: " ", rate: " "),
            "/variables/{variable_name}", "/tracingEnabled",
        ].joined(separator: ", ")
    }()

    static func apply(_ operation: PatchOperation, to stage: inout JSONObject) throws(ServiceError) {
        guard let (method, setting) = target(operation) else { throw unknownPath(operation.path) }
        var all = stage["methodSettings"]?.object ?? [:]
        if operation.kind == .remove {
            guard setting == nil else { throw unknownPath(operation.path) }
            guard all[method] != nil else {
                throw .badRequest(
                    "Cannot remove method setting \(method) because there is no method setting for this method ")
            }
            all[method] = nil
        } else {
            try operation.require(.replace, .add)
            guard let setting, let known = settings[setting] else { throw unknownPath(operation.path) }
            // The first write makes the whole entry; it starts from what holds for all methods at that moment.
            var entry = all[method]?.object ?? all["*/*"]?.object ?? defaults
            entry[known.member] = try value(operation, as: known.value)
            all[method] = .object(entry)
        }
        stage["methodSettings"] = .object(all)
    }

    /// The key in `methodSettings`, and the setting; nil for the whole entry.
    private static func target(_ operation: PatchOperation) -> (method: String, setting: String?)? {
        // The raw parts: a `/` of the resource path stays `~1` in the key.
        let parts = operation.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        guard parts.count >= 2 else { return nil }
        let isWhole =
            operation.kind == .remove && !(parts.count >= 4 && settings[parts.suffix(2).joined(separator: "/")] != nil)
        let methodParts = isWhole ? parts[...] : parts.dropLast(2)
        guard methodParts.count >= 2, let httpMethod = methodParts.last,
            httpMethod == "*" || API.httpMethods.contains(httpMethod)
        else { return nil }
        let path = methodParts.dropLast().joined(separator: "~1")
        return ("\(path)/\(httpMethod)", isWhole ? nil : parts.suffix(2).joined(separator: "/"))
    }

    private static func value(_ operation: PatchOperation, as kind: Value) throws(ServiceError) -> JSONValue {
        let text = operation.value ?? ""
        switch kind {
        case .flag: return .bool(try operation.flag())
        case .count:
            let number = try operation.number()
            guard number >= -1 else { throw .badRequest("Invalid number \(text) specified for path \(operation.path)") }
            return .number(JSONNumber(number))
        case .rate:
            guard let rate = Double(text), rate.isFinite, rate >= -1 else {
                throw .badRequest("Invalid number \(text) specified for path \(operation.path)")
            }
            return Canary.decimal(rate)
        case .level:
            guard ["OFF", "ERROR", "INFO"].contains(text) else {
                throw .badRequest("Invalid logging level specified. Must be one of: [OFF, ERROR, INFO]")
            }
            return .string(text)
        case .strategy:
            let strategies = ["FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"]
            guard strategies.contains(text) else {
                throw .badRequest(
                    "Invalid unauthorized cache control header strategy specified. Must be one of: \(strategies)")
            }
            return .string(text)
        }
    }
}
