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

    /// The way there. Nothing is asked before the first call needs keys: then they are found, the role that is named is
    /// assumed, and the account is compared.
    ///
    /// - Parameter isCalled: Asks at once, for commands that are going to call: what is wrong is said before any work.
    /// - Throws: `command.unsupported-target`; ``CredentialsFailure`` where calls are made.
    @inline(never)
    func open(isCalled: Bool) async throws -> TargetConnection {
        let endpoint = settings["endpoint"]?.string
        let place = try TargetConnection.place(endpoint ?? "https://\(ServiceClients.Hosts(aws: region).apiGateway)")
        let http = OutgoingHTTP(configuration)
        let credentials = credentials(place, http)
        if isCalled { try await Self.obtain(credentials) }
        let serving: StageURL? =
            settings["dataEndpoint"]?.string.map { .endpoint($0) } ?? (endpoint == nil ? .aws(region: region) : nil)
        return TargetConnection.remote(
            place, http, credentials, region: region, hosts: hosts(place), configuration, serving: serving,
            isEventual: endpoint == nil, isPartial: endpoint != nil)
    }

    /// Out of line, as ``open(isCalled:)`` is: the compiler's optimizer (Swift 6.3.1) ends in a crash over the callers else.
    @inline(never)
    static func obtain(_ credentials: RefreshingCredentials) async throws { _ = try await credentials.obtained() }

    /// Where the keys come from, asked once.
    func credentials() async throws -> ObtainedCredentials {
        let place = try TargetConnection.place(
            settings["endpoint"]?.string ?? "https://\(ServiceClients.Hosts(aws: region).apiGateway)")
        return try await found(place, OutgoingHTTP(configuration)).obtained()
    }

    /// Those of the target's account: another one is refused.
    private func credentials(_ place: ServiceEndpoint, _ http: OutgoingHTTP) -> RefreshingCredentials {
        let found = found(place, http)
        guard let wanted = settings["accountId"]?.string else { return found }
        let transport = OutgoingTransport(http: http, scheme: place.scheme)
        let (region, hosts, isOneEndpoint) = (region, hosts(place), settings["endpoint"] != nil)
        return found.checked { (keys) async throws(CredentialsFailure) in
            let clients = TargetConnection.clients(
                transport, FixedCredentials(keys.signing), region: region, hosts: hosts)
            let account: String
            do throws(ProviderFailure) {
                account = try await clients.accountID() ?? ""
            } catch  where error.code == .missingOperation && isOneEndpoint {
                // An endpoint without a token service cannot be asked; AWS itself always can.
                return
            } catch {
                throw CredentialsFailure(
                    error.code == .unreachable ? .unreachable : .accountUnknown,
                    "the account of the credentials is not known", cause: error)
            }
            guard account == wanted else {
                throw CredentialsFailure(
                    .otherAccount, "the credentials are of account `\(account)`, and the target's is `\(wanted)`")
            }
        }
    }

    private func found(_ place: ServiceEndpoint, _ http: OutgoingHTTP) -> RefreshingCredentials {
        let own = CredentialsChain(ProgramWorld(environment: environment, http: http), region: region).refreshing
        guard let role = settings["assumeRole"]?.object, let arn = role["roleArn"]?.string else { return own }
        let request = RoleRequest(
            roleARN: arn, sessionName: role["sessionName"]?.string, externalID: role["externalId"]?.string,
            durationSeconds: role["durationSeconds"]?.number?.int)
        let assumed = AssumedRole(
            request,
            clients: TargetConnection.clients(
                OutgoingTransport(http: http, scheme: place.scheme), own, region: region, hosts: hosts(place)),
            now: { WallClock.secondsSince1970 },
            source: { () async throws(CredentialsFailure) in try await own.obtained() })
        return assumed.refreshing
    }

    private func hosts(_ place: ServiceEndpoint) -> ServiceClients.Hosts {
        settings["endpoint"] == nil ? .init(aws: region) : .init(one: place.authority, region: region)
    }
}
