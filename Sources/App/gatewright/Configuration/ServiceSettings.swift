import DataPlane
import Diagnostics
import SigV4

/// Where one service of AWS is that integrations call, and whose credentials it takes.
struct ServiceSettings: Sendable, Equatable {
    /// Nil for AWS itself.
    var url: String?
    var accessKeyID: SecretReference?
    var secretAccessKey: SecretReference?
    var sessionToken: SecretReference?
}

extension EndpointMap {
    /// The configuration's services, with the flags laid over them; secrets are read here, once.
    ///
    /// - Parameter flags: `NAME=URL`, as ``ServiceFlag`` has checked them.
    /// - Throws: `configuration.bad-url`, `configuration.missing-key`, `configuration.missing-secret`.
    init(
        _ settings: [String: ServiceSettings], flags: [ServiceFlag] = [], environment: Environment
    ) throws(ConfigurationFailure) {
        var entries: [String: Entry] = [:]
        for (name, service) in settings {
            let credentials = try service.credentials(name, environment)
            guard let entry = Entry(url: service.url, credentials: credentials) else {
                throw ConfigurationFailure(
                    .badURL, "`engine.endpoints.services.\(name).url` cannot have a query, a fragment or braces")
            }
            entries[name] = entry
        }
        for flag in flags { entries[flag.name] = flag.entry }
        self.init(entries)
    }
}

extension ServiceSettings {
    fileprivate func credentials(
        _ name: String, _ environment: Environment
    ) throws(ConfigurationFailure) -> SigningCredentials? {
        let place = "engine.endpoints.services.\(name)"
        guard let accessKeyID, let secretAccessKey else {
            guard accessKeyID == nil, secretAccessKey == nil, sessionToken == nil else {
                throw ConfigurationFailure(
                    .missingKey, "`\(place)` needs both `accessKeyId` and `secretAccessKey`, or neither")
            }
            return nil
        }
        return SigningCredentials(
            accessKeyID: try accessKeyID.read(environment).revealed,
            secretAccessKey: try secretAccessKey.read(environment).revealed,
            sessionToken: try sessionToken?.read(environment).revealed)
    }
}
