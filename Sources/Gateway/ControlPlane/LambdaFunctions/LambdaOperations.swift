import JSON

/// The operations of Lambda that the engine has.
enum LambdaOperations {
    static let functions = "/2015-03-31/functions"
    static let one = "/2015-03-31/functions/{name}"

    static let table = OperationTable(
        [
            LambdaFunctions.operations, FunctionVersions.operations, FunctionAliases.operations,
            FunctionPermissions.operations, FunctionConcurrency.operations, FunctionTags.operations,
        ].flatMap(\.self))

    /// `lambda:InvokeFunction` is the one whose action has another name.
    static func action(_ operation: String) -> String {
        operation == invoke ? "lambda:InvokeFunction" : "lambda:\(operation)"
    }

    static let invoke = "Invoke"
}

extension Call {
    /// The function that the path names, with the qualifier of path or query.
    func functionName() throws(ServiceError) -> FunctionName {
        try FunctionName(path["name"] ?? "", extra: query("Qualifier"), environment)
    }
}

/// Pages of Lambda's lists: `Marker`, `MaxItems`, `NextMarker`.
enum FunctionPaging {
    static func page(_ member: String, _ items: [Paging.Item], _ call: Call) throws(ServiceError) -> Reply {
        var count = Limits.functionPageItemsDefault
        if let text = call.query("MaxItems") {
            guard let asked = Int(text), (1...10_000).contains(asked) else {
                throw .validation([
                    "Value '\(text)' at 'maxItems' failed to satisfy constraint: Member must be between 1 and 10000"
                ])
            }
            count = min(asked, Limits.functionPageItemsDefault)
        }
        var rest = items[...]
        if let marker = call.query("Marker"), !marker.isEmpty {
            guard let after = Paging.decoded(marker) else { throw .invalidParameter("Invalid marker: \(marker)") }
            rest = rest.drop { $0.key <= after }
        }
        let page = rest.prefix(count)
        var answer = JSONObject([(member, .array(page.map { .object($0.document) }))])
        if page.count < rest.count, let last = page.last { answer["NextMarker"] = .string(Paging.encoded(last.key)) }
        return .json(answer)
    }
}
