import JSON

/// `ImportApiKeys`: many keys from one file of comma-separated values.
///
/// - Note: Source: API Gateway developer guide, "API Gateway API key file format".
enum APIKeyImports {
    static func importKeys(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let format = call.query("format") else {
            throw .validation([
                "Value null at 'format' failed to satisfy constraint: Member must not be null"
            ])
        }
        guard format == "csv" else {
            throw .validation([
                "Value '\(format)' at 'format' failed to satisfy constraint: Member must satisfy enum value set: [csv]"
            ])
        }
        guard let text = String(validating: call.bytes, as: UTF8.self) else {
            throw .badRequest("Invalid API key file: it is not UTF-8")
        }
        var rows = try CommaSeparatedValues.rows(text)
        guard !rows.isEmpty else { throw .badRequest("Invalid API key file: it has no header row") }
        let columns = rows.removeFirst().map { $0.lowercased() }
        for column in columns where !known.contains(column) {
            throw .badRequest("Invalid API key file: unknown column '\(column)'")
        }
        guard columns.contains("name"), columns.contains("key") else {
            throw .badRequest("Invalid API key file: the columns 'name' and 'key' are required")
        }
        var importing = Importing(taken: APIKeys.values(workspace))
        for (number, row) in rows.enumerated() {
            guard row.count <= columns.count else {
                throw .badRequest("Invalid API key file: row \(number + 1) has more values than there are columns")
            }
            let values = Dictionary(zip(columns, row)) { first, _ in first }
            try importing.add(values, row: number + 1, to: &workspace, call)
        }
        if call.query("failonwarnings") == "true", !importing.warnings.isEmpty {
            throw .badRequest("Warnings found during import: \(importing.warnings.joined(separator: "; "))")
        }
        return .json([
            "ids": .array(importing.ids.map { .string($0) }),
            "warnings": .array(importing.warnings.map { .string($0) }),
        ])
    }

    private static let known = ["name", "key", "description", "enabled", "usageplanids"]

    private struct Importing {
        var taken: Set<String>
        var ids: [String] = []
        var warnings: [String] = []

        mutating func add(
            _ values: [String: String], row: Int, to workspace: inout Workspace, _ call: Call
        ) throws(ServiceError) {
            var input: JSONObject = [
                "name": .string(values["name"] ?? ""), "value": .string(values["key"] ?? ""),
                "description": .string(values["description"] ?? ""),
            ]
            switch values["enabled"]?.lowercased() ?? "" {
            case "true": input["enabled"] = true
            case "false", "": break
            case let other: throw .badRequest("Invalid API key file: row \(row) has '\(other)' for 'enabled'")
            }
            guard values["key"]?.isEmpty == false else {
                throw .badRequest("Invalid API key file: row \(row) has no 'key'")
            }
            let key = try APIKeys.add(input, to: &workspace, taken: &taken, call.environment)
            let id = key.string("id") ?? ""
            ids.append(id)
            for plan in (values["usageplanids"] ?? "").split(whereSeparator: { $0 == "," || $0 == " " }) {
                do {
                    _ = try UsagePlanKeys.add(id, to: String(plan), in: &workspace)
                } catch {
                    warnings.append("API key \(id) was not added to usage plan \(plan): \(error.message)")
                }
            }
        }
    }
}
