/// How requests name a function: its name, an ARN, or a part of one, each with a version or an alias behind it perhaps.
///
/// - Note: Source: Lambda API reference, "FunctionName": `NAME`, `NAME:QUALIFIER`, `ACCOUNT:function:NAME`, `arn:...`.
struct FunctionName: Sendable, Hashable {
    let name: String
    /// `$LATEST`, a number, or an alias; nil where none is named.
    var qualifier: String?

    /// - Parameter extra: `Qualifier` of the request.
    /// - Throws: `ValidationException`; `InvalidParameterValueException` for two qualifiers that differ;
    ///   `ResourceNotFoundException` for a function of another account or region.
    init(_ text: String, extra: String? = nil, _ environment: CallEnvironment) throws(ServiceError) {
        try self.init(text, extra: extra, accountID: environment.accountID, region: environment.region)
    }

    init(_ text: String, extra: String? = nil, accountID: String, region: String) throws(ServiceError) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.first == "arn" {
            guard parts.count >= 7, parts[2] == "lambda", parts[5] == "function" else { throw Self.invalid(text) }
            guard parts[3] == region, parts[4] == accountID else { throw .unknownFunction(text) }
            parts.removeFirst(6)
        } else if parts.count >= 3, parts[1] == "function" {
            guard parts[0] == accountID else { throw .unknownFunction(text) }
            parts.removeFirst(2)
        } else if parts.count >= 2, parts[0] == "function" {
            parts.removeFirst()
        }
        guard (1...2).contains(parts.count), Self.isName(parts[0]), parts.count == 1 || Self.isQualifier(parts[1])
        else {
            throw Self.invalid(text)
        }
        name = parts[0]
        qualifier = parts.count == 2 ? parts[1] : nil
        guard let extra else { return }
        guard Self.isQualifier(extra) else { throw Self.invalidQualifier(extra) }
        guard qualifier == nil || qualifier == extra else {
            throw .invalidParameter(
                "The derived qualifier from the function name does not match the specified qualifier.")
        }
        qualifier = extra
    }

    func arn(_ environment: CallEnvironment) -> String {
        arn(accountID: environment.accountID, region: environment.region)
    }

    func arn(accountID: String, region: String) -> String {
        "arn:aws:lambda:\(region):\(accountID):function:\(name)" + (qualifier.map { ":\($0)" } ?? "")
    }

    /// The function itself, without a version or an alias.
    var unqualified: FunctionName {
        var copy = self
        copy.qualifier = nil
        return copy
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isLetter)
    }

    static func isQualifier(_ text: String) -> Bool {
        text == "$LATEST" || (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(isLetter)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    private static func invalid(_ text: String) -> ServiceError {
        .validation([
            "Value '\(text.prefix(256))' at 'functionName' failed to satisfy constraint: Member must satisfy regular "
                + "expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?"
                + "(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?"
        ])
    }

    private static func invalidQualifier(_ text: String) -> ServiceError {
        .validation([
            "Value '\(text.prefix(256))' at 'qualifier' failed to satisfy constraint: Member must satisfy regular "
                + "expression pattern: (|[a-zA-Z0-9$_-]+)"
        ])
    }
}

extension ServiceError {
    static func unknownFunction(_ arn: String) -> Self { .missingResource("Function not found: \(arn)") }

    static func missingResource(_ message: String) -> Self {
        Self(status: 404, type: "ResourceNotFoundException", message: message)
    }
    static func resourceConflict(_ message: String) -> Self {
        Self(status: 409, type: "ResourceConflictException", message: message)
    }
    static func invalidParameter(_ message: String) -> Self {
        Self(status: 400, type: "InvalidParameterValueException", message: message)
    }
    static func staleRevision() -> Self {
        Self(
            status: 412, type: "PreconditionFailedException",
            message:
                "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to "
                + "retrieve the latest RevisionId")
    }
}
