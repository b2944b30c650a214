/// What the `uri` of an integration may be.
///
/// Source: recorded PutIntegration, 2025.
enum EndpointURI {
    static let invalidHTTP = "Invalid HTTP endpoint specified for URI"
    static let invalidARN = "Invalid ARN specified in the request"

    /// What is wrong, in the words of the service; nil when it can be called.
    ///
    /// - Parameter allowsPlaceholders: `${var.x}` and `${Kind/name.attribute}` in front are filled in later.
    static func fault(_ uri: String, type: String, allowsPlaceholders: Bool) -> String? {
        if allowsPlaceholders, DocumentReading.isPlaceholder(uri) { return nil }
        return type.hasPrefix("HTTP") ? httpFault(uri) : arnFault(uri, isProxy: type == "AWS_PROXY")
    }

    /// What is wrong with an authorizer's function, as the end of a sentence; nil when it can be called.
    static func authorizerFault(_ uri: String) -> String? {
        if DocumentReading.isPlaceholder(uri) { return nil }
        guard uri.hasPrefix("arn:"), uri.contains(":lambda:path/") else { return "is no function's invocation" }
        return nil
    }

    /// Names in braces; `${...}` is none of them.
    static func placeholders(of uri: String) -> [String] {
        var names: [String] = []
        var rest = uri[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let isVariable = open > uri.startIndex && uri[uri.index(before: open)] == "$"
            if !isVariable { names.append(String(rest[rest.index(after: open)..<close])) }
            rest = rest[rest.index(after: close)...]
        }
        return names
    }

    private static func httpFault(_ uri: String) -> String? {
        guard let end = uri.firstRange(of: "://"), ["http", "https"].contains(uri[..<end.lowerBound].lowercased()),
            let first = uri[end.upperBound...].first, first != "/", first != "?",
            !uri.utf8.contains(where: { $0 <= UInt8(ascii: " ") })
        else { return invalidHTTP }
        return nil
    }

    private static func arnFault(_ uri: String, isProxy: Bool) -> String? {
        let parts = uri.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else { return invalidARN }
        guard parts[5].hasPrefix("path/") || parts[5].hasPrefix("action/") else {
            return "AWS ARN for integration must contain path or action"
        }
        let service = parts[4].split(separator: ".").last ?? ""
        guard !isProxy || service == "lambda" || service == "firehose" else {
            return
                "Integrations of type 'AWS_PROXY' currently only supports Lambda function "
                + "and Firehose stream invocations."
        }
        return nil
    }
}
