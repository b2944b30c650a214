import JSON

/// `Account`: the limits of the whole account; nothing of it can be changed yet.
enum Account {
    static let operations: [Operation] = [
        Operation("GetAccount", "GET", "/account", status: 200) { (_, _) throws(ServiceError) in
            .json([
                "throttleSettings": ["burstLimit": 5000, "rateLimit": .number(JSONNumber(text: "10000.0"))],
                "features": ["UsagePlans"], "apiKeyVersion": "4",
            ])
        }
    ]
}
