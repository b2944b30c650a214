/// All that a target has of one environment, read in as few calls as it takes, and what else it has beside.
package struct TargetSurvey: Sendable {
    package var objects: [Address: ObservedObject]
    /// APIs that no manifest of the environment declared, in the order of their ids.
    package var strangers: [Stranger] = []
    /// What each stage serves, by the address of the stage.
    package var served: [Address: ServedDefinition] = [:]
    /// Calls that the survey took, those tried again included.
    package var callsCount = 0

    package init(objects: [Address: ObservedObject]) { self.objects = objects }
}

/// An API of the target that is not one of the environment's.
package struct Stranger: Sendable, Hashable {
    package var physicalID: String
    package var name: String
    /// What the ownership marker says: it was made from here, and is not recorded any more; nil without a marker.
    package var address: Address?

    package init(physicalID: String, name: String, address: Address? = nil) {
        self.physicalID = physicalID
        self.name = name
        self.address = address
    }
}

/// What callers of one stage get, as far as the target says it.
package struct ServedDefinition: Sendable, Hashable {
    /// Who may call a route.
    package struct Route: Sendable, Hashable {
        package var authorizationType: String
        package var apiKeyRequired: Bool

        package init(authorizationType: String, apiKeyRequired: Bool) {
            self.authorizationType = authorizationType
            self.apiKeyRequired = apiKeyRequired
        }
    }

    package var deploymentID: String
    /// What the marker says; nil for a deployment that somebody else made.
    package var fingerprint: String?
    package var commit: String?
    /// Seconds since 1970.
    package var created: Int?
    /// By method and path: `GET /pets`. Nil where the target does not say.
    package var routes: [String: Route]?

    package init(
        deploymentID: String, fingerprint: String? = nil, commit: String? = nil, created: Int? = nil,
        routes: [String: Route]? = nil
    ) {
        self.deploymentID = deploymentID
        self.fingerprint = fingerprint
        self.commit = commit
        self.created = created
        self.routes = routes
    }
}
