import Resources

/// What we write on objects of a target so that they can be found again without any recorded state.
///
/// A RestApi carries it as tags; a deployment or a version of the documentation, which have none, in the description.
struct OwnershipMarker: Sendable, Hashable {
    static let tagPrefix = "gatewright:"

    var environment: String
    var address: Address
    /// 40 or 64 hex digits.
    var commit: String
    /// The token of the create; lower-case hex digits.
    var token: String

    init(_ context: StepContext, _ address: Address) {
        environment = context.environment
        self.address = address
        commit = context.commit
        token = context.token
    }

    /// Tag names and values.
    var tags: [(String, String)] {
        [
            ("gatewright:address", address.description), ("gatewright:commit", commit),
            ("gatewright:environment", environment), ("gatewright:token", token),
        ]
    }

    /// `DESCRIPTION [gatewright fingerprint=… commit=… token=…]`
    func description(fingerprint: String) -> String {
        "[gatewright fingerprint=\(fingerprint) commit=\(commit) token=\(token)]"
    }
}

/// The marker in the description of a deployment or of a version of the documentation.
struct SnapshotMarker: Sendable, Hashable {
    var fingerprint: String
    /// Nil where what is written is no commit id.
    var commit: String?
    var token: String

    /// Nil when it was not made by us.
    init?(description: String?) {
        guard let description, let start = description.firstRange(of: "[gatewright "),
            let end = description[start.upperBound...].firstIndex(of: "]")
        else { return nil }
        var fields: [Substring: String] = [:]
        for field in description[start.upperBound..<end].split(separator: " ") {
            let parts = field.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[parts[0]] = String(parts[1]) }
        }
        guard let fingerprint = fields["fingerprint"], let token = fields["token"] else { return nil }
        self.fingerprint = fingerprint
        self.token = token
        commit = fields["commit"].flatMap { OwnershipMarker.isCommit($0) ? $0 : nil }
    }
}
