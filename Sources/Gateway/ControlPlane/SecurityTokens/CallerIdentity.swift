import JSON

/// `GetCallerIdentity`: who am I; no policy can forbid it.
enum CallerIdentity {
    static let operations: [QueryOperation] = [
        QueryOperation("GetCallerIdentity", of: .sts) { (_, call) throws(ServiceError) in
            [
                "UserId": .string(call.caller.userID(call.accountID)), "Account": .string(call.accountID),
                "Arn": .string(call.caller.arn(call.accountID)),
            ]
        }
    ]
}
