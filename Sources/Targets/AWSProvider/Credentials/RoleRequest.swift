/// A role to work as.
package struct RoleRequest: Sendable, Hashable {
    package var roleARN: String
    /// Nil: ``standardSessionName``.
    package var sessionName: String?
    package var externalID: String?
    /// Nil: what the token service takes, an hour.
    package var durationSeconds: Int?

    package init(
        roleARN: String, sessionName: String? = nil, externalID: String? = nil, durationSeconds: Int? = nil
    ) {
        self.roleARN = roleARN
        self.sessionName = sessionName
        self.externalID = externalID
        self.durationSeconds = durationSeconds
    }

    /// Shows in the target's audit log.
    static let standardSessionName = "gatewright"

    /// SOURCE: STS API reference, AssumeRole, `DurationSeconds`.
    package static let durations = 900...43_200

    var parameters: QueryParameters {
        var parameters: QueryParameters = [
            "RoleArn": roleARN, "RoleSessionName": sessionName ?? Self.standardSessionName,
        ]
        parameters.add("ExternalId", externalID)
        parameters.add("DurationSeconds", durationSeconds.map(String.init))
        return parameters
    }
}
