import Glibc
import SigV4

/// The engine's root credentials: an AWS shared-credentials file, made on the first start.
struct CredentialsFile {
    let directory: DataDirectory

    /// - Returns: What the file says; a new pair, written with mode 0600, when there is no file.
    func readOrMake() throws(DataDirectoryFailure) -> SigningCredentials {
        if let text = try FileText.read(directory.credentialsPath) { return try parse(text) }
        let made = SigningCredentials(
            accessKeyID: "AKIA" + Self.random(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            secretAccessKey: Self.random(
                40, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
        try write(made, isReplacing: false)
        // Of several processes that start at once, the first one's pair counts for all.
        guard let text = try FileText.read(directory.credentialsPath) else { return made }
        return try parse(text)
    }

    /// Puts the pair in place of the one that is kept, unless that is to stay.
    func write(_ credentials: SigningCredentials, isReplacing: Bool = true) throws(DataDirectoryFailure) {
        try FileText.write(
            """
            [default]
            aws_access_key_id = \(credentials.accessKeyID)
            aws_secret_access_key = \(credentials.secretAccessKey)

            """, to: directory.credentialsPath, mode: 0o600, isReplacing: isReplacing)
    }

    private func parse(_ text: String) throws(DataDirectoryFailure) -> SigningCredentials {
        var fields: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map(Self.trimmed)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        guard let id = fields["aws_access_key_id"], let secret = fields["aws_secret_access_key"], !id.isEmpty,
            !secret.isEmpty
        else {
            throw DataDirectoryFailure(
                .badCredentials, "`\(directory.credentialsPath)` names no access key and secret")
        }
        return SigningCredentials(accessKeyID: id, secretAccessKey: secret)
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    private static func random(_ count: Int, of alphabet: String) -> String {
        let letters = Array(alphabet)
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in letters[Int.random(in: letters.indices, using: &generator)] })
    }
}
