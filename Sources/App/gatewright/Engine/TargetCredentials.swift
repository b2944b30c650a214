import SigV4

/// The keys that calls to a target are signed with, found as AWS's own clients find them: the environment's, else the
/// profile's in the shared credentials file.
struct TargetCredentials {
    let environment: Environment

    /// - Returns: Nil when neither has them.
    func find() throws -> SigningCredentials? {
        if let id = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"], !id.isEmpty {
            return SigningCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: environment["AWS_SESSION_TOKEN"])
        }
        let home = environment["HOME"].map { $0 + "/.aws/credentials" }
        guard let path = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? home, let text = try FileText.read(path) else {
            return nil
        }
        return Self.parse(text, profile: environment["AWS_PROFILE"] ?? "default")
    }

    /// SOURCE: AWS SDKs and Tools Reference Guide, "Shared config and credentials files": sections in brackets, `#` and
    /// `;` begin comments.
    static func parse(_ text: String, profile: String) -> SigningCredentials? {
        var fields: [String: String] = [:]
        var isOurs = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmed
            if line.hasPrefix("[") {
                isOurs = line.hasSuffix("]") && line.dropFirst().dropLast().trimmed == profile
            } else if isOurs, !line.hasPrefix("#"), !line.hasPrefix(";"), let equals = line.firstIndex(of: "=") {
                fields[String(line[..<equals].trimmed)] = String(line[line.index(after: equals)...].trimmed)
            }
        }
        guard let id = fields["aws_access_key_id"], let secret = fields["aws_secret_access_key"], !id.isEmpty,
            !secret.isEmpty
        else { return nil }
        return SigningCredentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: fields["aws_session_token"])
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
