package import JSON

extension PolicyDocument {
    /// The policy of an API with `execute-api:/stage/METHOD/path` written out as ARNs: what is stored, read back and
    /// compared.
    package func expandingRoutes(partition: String = "aws", region: String, account: String, api: String)
        -> PolicyDocument
    {
        let prefix = Self.routePrefix(partition, region, account, api)
        return PolicyDocument(
            kind: kind, version: version, id: id, statements: statements.map { $0.expandingRoutes(prefix) },
            value: Self.expanding(value, prefix), size: size)
    }

    /// The same for what is not read as a policy, valid or not.
    package static func expandingRoutes(
        in value: JSONValue, partition: String = "aws", region: String, account: String, api: String
    ) -> JSONValue {
        expanding(value, routePrefix(partition, region, account, api))
    }

    private static func routePrefix(_ partition: String, _ region: String, _ account: String, _ api: String) -> String {
        "arn:\(partition):execute-api:\(region):\(account):\(api)/"
    }

    private static func expanding(_ value: JSONValue, _ prefix: String) -> JSONValue {
        guard case .object(var document) = value, let statements = document["Statement"] else { return value }
        document["Statement"] =
            statements.array.map { .array($0.map { statement($0, prefix) }) }
            ?? statement(statements, prefix)
        return .object(document)
    }

    private static func statement(_ value: JSONValue, _ prefix: String) -> JSONValue {
        guard case .object(var statement) = value else { return value }
        for name in ["Resource", "NotResource"] {
            guard let written = statement[name] else { continue }
            statement[name] = written.array.map { .array($0.map { text($0, prefix) }) } ?? text(written, prefix)
        }
        return .object(statement)
    }

    private static func text(_ value: JSONValue, _ prefix: String) -> JSONValue {
        value.string.map { .string(PolicyStatement.expanded($0, prefix)) } ?? value
    }
}

extension PolicyStatement {
    fileprivate func expandingRoutes(_ prefix: String) -> PolicyStatement {
        let expanded = resources.map { resources in
            PolicyPatterns(
                isExcluding: resources.isExcluding, patterns: resources.patterns.map { Self.expanded($0, prefix) })
        }
        return PolicyStatement(
            sid: sid, effect: effect, principals: principals, actions: actions, resources: expanded,
            conditions: conditions, span: span)
    }

    fileprivate static func expanded(_ resource: String, _ prefix: String) -> String {
        let short = "execute-api:/"
        return resource.hasPrefix(short) ? prefix + resource.dropFirst(short.count) : resource
    }
}
