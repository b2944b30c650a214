import JSON

/// The account and the region that the engine of a data directory was started with: `engine.json`. Commands that open the
/// same engine, or sign for it, need both.
struct EnginePlace {
    var accountID: String
    var region: String

    /// - Returns: The defaults when no engine was started with others.
    static func read(_ directory: DataDirectory) throws -> EnginePlace {
        let document = try FileText.read(directory.placePath).map { text in try JSONValue(parsing: text) }
        return EnginePlace(
            accountID: document?["accountId"]?.string ?? "123456789012",
            region: document?["region"]?.string ?? "us-east-1")
    }

    func write(_ directory: DataDirectory) throws(DataDirectoryFailure) {
        let document: JSONValue = ["accountId": .string(accountID), "region": .string(region)]
        try FileText.write(document.text(.compact) + "\n", to: directory.placePath, mode: 0o600)
    }
}
