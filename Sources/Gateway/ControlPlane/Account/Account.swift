import JSON

/// `Account`: the limits of the whole account, and the role that writes its logs.
enum Account {
    static let operations: [Operation] = [
        Operation("GetAccount", "GET", "/account", status: 200, handler: get),
        Operation("UpdateAccount", "PATCH", "/account", status: 200, members: .patch, handler: update),
    ]

    /// There is one.
    private static let key = "account"

    private static func answer(_ account: JSONObject) -> Reply {
        var answer: JSONObject = [:]
        answer.take(["cloudwatchRoleArn"], from: account)
        answer["throttleSettings"] = ["burstLimit": 5000, "rateLimit": Canary.decimal(10_000)]
        answer["features"] = ["UsagePlans"]
        answer["apiKeyVersion"] = "4"
        return .json(answer)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        answer(workspace.account[.account, key] ?? [:])
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        var account = workspace.account[.account, key] ?? [:]
        for operation in operations {
            switch operation.path {
            case "/cloudwatchRoleArn":
                try operation.require(.replace, .remove)
                let arn = operation.kind == .remove ? "" : operation.value ?? ""
                guard arn.isEmpty || isRole(arn) else { throw .badRequest("Invalid ARN specified in the request") }
                account["cloudwatchRoleArn"] = arn.isEmpty ? JSONValue?.none : .string(arn)
            case "/features":
                // Every account has usage plans, and keeps them.
                try operation.require(.add)
                guard operation.value == "UsagePlans" else {
                    throw .badRequest("Invalid feature specified. Must be one of: [UsagePlans]")
                }
            default: throw operation.unknownPath
            }
        }
        workspace.put(.account, key, account)
        return answer(account)
    }

    /// `arn:aws:iam::123456789012:role/path/name`
    private static func isRole(_ arn: String) -> Bool {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[4].utf8.count == 12
            && parts[4].utf8.allSatisfy { (0x30...0x39).contains($0) } && parts[5].hasPrefix("role/")
            && parts[5].utf8.count > 5
    }
}
