import Crypto
import HTTPTypes
import JSON

/// Keys by a sign-in at IAM Identity Center that `aws sso login` made.
///
/// - Note: Source: AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider"; IAM Identity Center
///   Portal API reference, GetRoleCredentials.
struct SingleSignOn {
    private let world: any CredentialsWorld
    private let profiles: Profiles

    init(_ world: any CredentialsWorld, _ profiles: Profiles) {
        self.world = world
        self.profiles = profiles
    }

    func obtain(_ profile: Profiles.Profile) async throws(CredentialsFailure) -> ObtainedCredentials {
        var settings: [String: String] = [:]
        for name in ["sso_account_id", "sso_role_name", "sso_start_url", "sso_region"] {
            settings[name] = profile[name]
        }
        let cacheKey: String?
        if let name = profile["sso_session"] {
            guard let session = profiles.signOn(name) else {
                throw bad(profile, "its `sso_session` names `\(name)`, which `\(profiles.configPath)` does not have")
            }
            for key in ["sso_start_url", "sso_region"] { settings[key] = session[key] }
            cacheKey = name
        } else {
            cacheKey = settings["sso_start_url"]
        }
        let needed = ["sso_account_id", "sso_role_name", "sso_start_url", "sso_region"]
        for name in needed where settings[name]?.isEmpty != false {
            throw bad(profile, "it has no `\(name)`")
        }
        guard let cacheKey, let account = settings["sso_account_id"], let role = settings["sso_role_name"],
            let region = settings["sso_region"]
        else { throw bad(profile, "it has no `sso_start_url`") }
        let token = try token(cacheKey, profile)
        return try await credentials(token, account: account, role: role, region: region, profile)
    }

    /// The token that the sign-in left in a file named by the SHA-1 of the session's name.
    private func token(_ key: String, _ profile: Profiles.Profile) throws(CredentialsFailure) -> String {
        let digits = Array("0123456789abcdef")
        let name = Insecure.SHA1.hash(data: Array(key.utf8)).map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }
            .joined()
        let login = "run `aws sso login --profile \(profile.name)`"
        guard let path = world.expanded("~/.aws/sso/cache/\(name).json"), let bytes = try world.file(path) else {
            throw CredentialsFailure(.loginNeeded, "\(profile.title): nobody has signed in; \(login)")
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw CredentialsFailure(.badFile, "`\(path)` is not JSON; \(login)")
        }
        guard let token = document["accessToken"]?.string, !token.isEmpty,
            let expires = document["expiresAt"]?.string.flatMap(ObtainedCredentials.seconds(from:))
        else { throw CredentialsFailure(.badFile, "`\(path)` holds no token; \(login)") }
        guard expires > world.now else {
            throw CredentialsFailure(.loginNeeded, "\(profile.title): the sign-in has ended; \(login)")
        }
        return token
    }

    private func credentials(
        _ token: String, account: String, role: String, region: String, _ profile: Profiles.Profile
    ) async throws(CredentialsFailure) -> ObtainedCredentials {
        let source = "the role `\(role)` of account `\(account)` by the sign-in of \(profile.title)"
        let place = try endpoint(region)
        let path = APIPath("federation", "credentials", query: [("role_name", role), ("account_id", account)])
        var request = HTTPRequest(method: .get, scheme: place.scheme, authority: place.authority, path: path.text)
        guard let name = HTTPField.Name("x-amz-sso_bearer_token") else { preconditionFailure("it is a header name") }
        request.headerFields[name] = token
        request.headerFields[.accept] = "application/json"
        let reply: TransportReply
        do {
            reply = try await world.send(request, body: [], timeLimit: Limits.tokenServiceTime)
        } catch {
            throw CredentialsFailure(.unreachable, "\(source): \(error.message)")
        }
        switch reply.response.status.code {
        case 200: break
        case 401:
            throw CredentialsFailure(
                .loginNeeded,
                "\(source): the sign-in is not accepted any more; run `aws sso login --profile \(profile.name)`")
        case 500...: throw CredentialsFailure(.unreachable, "\(source): status \(reply.response.status.code)")
        default:
            throw CredentialsFailure(
                .roleRefused, "\(source): refused with status \(reply.response.status.code)")
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: reply.body)
        } catch {
            throw CredentialsFailure(.sourceFailed, "\(source): the answer is not JSON")
        }
        return try ObtainedCredentials(document["roleCredentials"] ?? .null, .singleSignOn, source: source)
    }

    private func endpoint(_ region: String) throws(CredentialsFailure) -> ServiceEndpoint {
        guard let named = world.set("AWS_ENDPOINT_URL_SSO") ?? world.set("AWS_ENDPOINT_URL") else {
            let suffix = AWSPartition(region: region).suffix
            return ServiceEndpoint(scheme: "https", authority: "portal.sso.\(region).\(suffix)")
        }
        guard let endpoint = ServiceEndpoint(named) else {
            throw CredentialsFailure(.badProfile, "`AWS_ENDPOINT_URL_SSO` is not `https://HOST:PORT`")
        }
        return endpoint
    }

    private func bad(_ profile: Profiles.Profile, _ what: String) -> CredentialsFailure {
        CredentialsFailure(.badProfile, "\(profile.title): \(what)")
    }
}
