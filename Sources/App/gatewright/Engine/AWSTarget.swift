import AWSProvider
import JSON
import Resources

/// `target: {aws: {...}}`: AWS itself, or an endpoint that speaks as AWS does.
struct AWSTarget {
    private let settings: JSONObject
    private let region: String
    private let configuration: ControllerConfiguration
    private let environment: Environment

    init(
        _ settings: JSONObject, region: String, _ configuration: ControllerConfiguration, _ environment: Environment
    ) {
        self.settings = settings
        self.region = region
        self.configuration = configuration
        self.environment = environment
    }

    /// Finds the keys, works as the role if one is named, and makes sure of the account.
    ///
    /// - Throws: ``CredentialsFailure``; `command.unsupported-target`, `command.other-account`; the target's failures.
    func open() async throws -> TargetConnection {
        let endpoint = settings["endpoint"]?.string
        let place = try TargetConnection.place(endpoint ?? "https://\(ServiceClients.Hosts(aws: region).apiGateway)")
        let http = OutgoingHTTP(configuration)
        let credentials = try await credentials(place, http)
        let serving: StageURL? =
            settings["dataEndpoint"]?.string.map { .endpoint($0) } ?? (endpoint == nil ? .aws(region: region) : nil)
        let connection = TargetConnection.remote(
            place, http, credentials, region: region, hosts: hosts(place), configuration, serving: serving,
            isEventual: endpoint == nil, isPartial: endpoint != nil)
        try await check(connection.clients)
        return connection
    }

    /// Where the keys come from, asked once.
    func credentials() async throws -> ObtainedCredentials {
        let place = try TargetConnection.place(
            settings["endpoint"]?.string ?? "https://\(ServiceClients.Hosts(aws: region).apiGateway)")
        return try await credentials(place, OutgoingHTTP(configuration)).obtained()
    }

    private func credentials(_ place: ServiceEndpoint, _ http: OutgoingHTTP) async throws -> RefreshingCredentials {
        let found = CredentialsChain(ProgramWorld(environment: environment, http: http), region: region).refreshing
        guard let role = settings["assumeRole"]?.object, let arn = role["roleArn"]?.string else {
            _ = try await found.obtained()
            return found
        }
        let request = RoleRequest(
            roleARN: arn, sessionName: role["sessionName"]?.string, externalID: role["externalId"]?.string,
            durationSeconds: role["durationSeconds"]?.number?.int)
        let assumed = AssumedRole(
            request,
            clients: TargetConnection.clients(
                OutgoingTransport(http: http, scheme: place.scheme), found, region: region, hosts: hosts(place)),
            now: { WallClock.secondsSince1970 },
            source: { () async throws(CredentialsFailure) in try await found.obtained() })
        let credentials = assumed.refreshing
        _ = try await credentials.obtained()
        return credentials
    }

    private func hosts(_ place: ServiceEndpoint) -> ServiceClients.Hosts {
        settings["endpoint"] == nil ? .init(aws: region) : .init(one: place.authority, region: region)
    }

    /// An endpoint without a token service cannot be asked; AWS itself always can.
    private func check(_ clients: ServiceClients) async throws {
        guard let wanted = settings["accountId"]?.string else { return }
        guard let found = try await accountID(clients) else { return }
        guard found == wanted else {
            throw CommandFailure(
                .otherAccount, "the credentials are of account `\(found)`, and the target's is `\(wanted)`")
        }
    }

    /// - Returns: Nil of an endpoint that cannot say.
    private func accountID(_ clients: ServiceClients) async throws(ProviderFailure) -> String? {
        do {
            return try await clients.accountID() ?? ""
        } catch {
            guard error.code == .missingOperation, settings["endpoint"] != nil else { throw error }
            return nil
        }
    }
}
