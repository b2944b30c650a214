import JSON

/// Which resources a request of a service names, as the ARNs that policies have.
///
/// SOURCE: Service Authorization Reference, "Actions, resources, and condition keys" of SNS, SQS, DynamoDB, Kinesis,
/// Step Functions, EventBridge and Systems Manager.
struct ServiceResources {
    /// Without the service and without `Batch`: `Publish`.
    let action: String
    let uri: ServiceURI
    /// Whose the resources are that are named without one.
    let account: String
    /// The parts of the path: `/ACCOUNT/QUEUE` of SQS.
    private let path: [String]
    /// By name, in the order of the request: one that it says twice has both values.
    private let texts: [String: [String]]
    private let document: JSONObject
    /// False for a body that is nearly JSON: what the service reads there is not known, so only a policy for all
    /// resources lets it pass.
    private let isReadable: Bool

    init(of request: ServiceRequest, _ action: String, _ uri: ServiceURI, account: String) {
        (self.action, self.uri, self.account) = (action, uri, account)
        let address = request.target.prefix { $0 != "?" }
        path = QueryText.decoded(Array(address.utf8)[...]).split(separator: "/").map(String.init)
        let query = QueryText.parameters(Array(request.target.dropFirst(address.count + 1).utf8)[...])
        var texts: [String: [String]] = [:]
        func add(_ pairs: [(name: String, value: String)]) {
            for (name, value) in pairs where !value.isEmpty { texts[name, default: []].append(value) }
        }
        add(query)
        var document = JSONObject()
        var isReadable = true
        if request.body.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            do { document = try JSONValue(parsing: request.body).object ?? [:] } catch { isReadable = false }
            add(document.compactMap { name, value in value.string.map { (name, $0) } })
        } else {
            add(QueryText.parameters(request.body[...]))
        }
        (self.texts, self.document, self.isReadable) = (texts, document, isReadable)
    }

    /// - Returns: `*` for an action that the service has for no resource, and for a request that names none; nil where
    ///   the resource cannot be told.
    func found() -> [String]? {
        let found: [String]? =
            switch uri.service {
            case "sns":
                named(["TopicArn", "TargetArn", "ResourceArn", "PlatformApplicationArn", "EndpointArn"]) + topics
            case "sqs": queues
            case "dynamodb": tables
            case "streams.dynamodb": texts["ShardIterator"] == nil ? named(["StreamArn"]) : nil
            case "kinesis": streams
            case "states": machines
            case "events": events
            case "ssm": parameters
            default: nil
            }
        guard let found else { return nil }
        guard isReadable else { return ["*"] }
        let different = Set(found)
        return different.isEmpty || different.count > Limits.serviceResourcesMax ? ["*"] : different.sorted()
    }

    private func named(_ names: [String]) -> [String] { names.flatMap { texts[$0] ?? [] } }

    /// - Parameter name: An ARN, or what stands behind `TYPE` in one.
    private func arn(_ service: String, _ type: String, _ name: String, of owner: String? = nil) -> String {
        name.hasPrefix("arn:")
            ? name : "arn:\(uri.partition):\(service):\(uri.region):\(owner ?? account):\(type)\(name)"
    }

    private var topics: [String] { action == "CreateTopic" ? named(["Name"]).map { arn("sns", "", $0) } : [] }

    /// By url, which ends in `/ACCOUNT/QUEUE` as the path may, or by name.
    private var queues: [String] {
        func queue(_ parts: [String]) -> String {
            arn("sqs", "", parts.last ?? "", of: Self.isQueue(parts) ? parts[parts.count - 2] : nil)
        }
        let owner = texts["QueueOwnerAWSAccountId"]?.last
        return named(["SourceArn"]) + named(["QueueName"]).map { arn("sqs", "", $0, of: owner) }
            + named(["QueueUrl"]).map { queue($0.split(separator: "/").map(String.init)) }
            + (Self.isQueue(path) ? [queue(path)] : [])
    }

    private static func isQueue(_ parts: [String]) -> Bool {
        guard parts.count > 1 else { return false }
        let account = parts[parts.count - 2].utf8
        return account.count == 12 && account.allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// The parts of a transaction: each is an action of its own, on a table.
    func transaction() -> [(action: String, table: String)] {
        let names = ["Get": "GetItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"]
        let items = document["TransactItems"]?.array ?? []
        guard isReadable, !items.isEmpty, items.count <= Limits.serviceResourcesMax else { return [(action, "*")] }
        return items.flatMap { item in
            (item.object ?? [:]).map { name, part in
                (names[name] ?? "ConditionCheckItem", arn("dynamodb", "table/", part["TableName"]?.string ?? ""))
            }
        }
    }

    private var tables: [String] {
        let index = texts["IndexName"].map { "/index/\($0.last ?? "")" } ?? ""
        let single = named(["TableName", "SourceTableName", "TargetTableName", "GlobalTableName"])
        let several = document["RequestItems"]?.object?.map(\.name) ?? []
        return named(["ResourceArn", "TableArn", "StreamArn", "BackupArn", "ExportArn", "ImportArn"])
            + single.map { arn("dynamodb", "table/", $0) + index } + several.map { arn("dynamodb", "table/", $0) }
    }

    private var streams: [String]? {
        let found = named(["StreamARN", "ConsumerARN", "ResourceARN"])
        let names = named(["StreamName"]).map { arn("kinesis", "stream/", $0) }
        // An iterator and a token stand for a stream that only the service knows.
        if found.isEmpty, names.isEmpty, texts["ShardIterator"] != nil || texts["NextToken"] != nil { return nil }
        return found + names
    }

    private var machines: [String]? {
        guard texts["taskToken"] == nil else { return nil }
        let found = named([
            "stateMachineArn", "executionArn", "activityArn", "mapRunArn", "resourceArn", "stateMachineVersionArn",
            "stateMachineAliasArn",
        ])
        return switch action {
        case "CreateStateMachine": named(["name"]).map { arn("states", "stateMachine:", $0) }
        case "CreateActivity": named(["name"]).map { arn("states", "activity:", $0) }
        default: found
        }
    }

    private var events: [String]? {
        func bus(_ name: String) -> String { arn("events", "event-bus/", name) }
        if action == "PutEvents" {
            return document["Entries"]?.array?.map { bus($0["EventBusName"]?.string ?? "default") } ?? []
        }
        if action.hasSuffix("EventBus") { return named(["Name"]).map(bus) }
        if action.hasSuffix("Rule") || action.hasSuffix("Targets") || action.hasSuffix("TargetsByRule") {
            let owner = texts["EventBusName"]?.last ?? "default"
            // A bus of another account is named by its ARN.
            let name = owner.hasPrefix("arn:") ? owner.split(separator: "/").last.map(String.init) ?? "" : owner
            let folder = name == "default" ? "rule/" : "rule/\(name)/"
            return named(["Name", "Rule"]).map { arn("events", folder, $0) }
        }
        if texts["ResourceARN"] != nil { return named(["ResourceARN"]) }
        return action == "ListRules" || action == "ListEventBuses" ? [] : nil
    }

    /// The name of a parameter begins with a slash or has none; its ARN has one, and neither version nor label.
    private var parameters: [String]? {
        guard action.contains("Parameter"), action != "DescribeParameters" else {
            return action == "DescribeParameters" ? [] : nil
        }
        let several = document["Names"]?.array?.compactMap(\.string) ?? []
        return (named(["Name", "Path"]) + several).map { name in
            guard !name.hasPrefix("arn:") else { return name }
            return arn("ssm", "parameter/", String(name.drop { $0 == "/" }.prefix { $0 != ":" }))
        }
    }
}
