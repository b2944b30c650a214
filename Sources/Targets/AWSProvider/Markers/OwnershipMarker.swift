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

    /// `TEXT [gatewright fingerprint=… commit=… token=…]`
    ///
    /// - Parameter text: What the manifest says of the object, if anything.
    func description(_ text: String? = nil, fingerprint: String) -> String {
        SnapshotMarker.description(text, "[gatewright fingerprint=\(fingerprint) commit=\(commit) token=\(token)]")
    }
}

/// The marker in the description of a deployment or of a version of the documentation.
struct SnapshotMarker: Sendable, Hashable {
    var fingerprint: String
    /// Nil where what is written is no commit id.
    var commit: String?
    var token: String
    /// What stands before the marker; empty where nothing does.
    var text: String
    /// The marker itself.
    var written: String

    /// Nil when it was not made by us.
    init?(description: String?) {
        // The last one: the text before it may be anything.
        guard let description, let start = description.ranges(of: "[gatewright ").last,
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
        written = String(description[start.lowerBound...end])
        let before = description[..<start.lowerBound]
        text = String(before.last == " " ? before.dropLast() : before)
    }

    static func description(_ text: String?, _ marker: String) -> String {
        guard let text, !text.isEmpty else { return marker }
        return "\(text) \(marker)"
    }
}
