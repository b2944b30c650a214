import DataPlane
import Diagnostics
import JSON
import Logging

/// What `gatewright.conf.yaml`, the variables and the flags say, checked: a struct for each section.
///
/// Files are absolute paths. Units and defaults: ``Setting/all``.
struct ControllerConfiguration: Sendable {
    var listeners: ListenerSettings
    /// PEM certificates that are trusted beside the system's.
    var authoritiesPath: String?
    var engine: EngineSettings
    var git: GitSettings
    var guards: GuardSettings
    var secrets: SecretSettings
    var webhooks: [WebhookSettings]
    /// Nil where no statuses are set.
    var statuses: StatusSettings?
    var notifications: [NotificationSettings]
    var telemetry: TelemetrySettings
    var logs: LogSettings
}

/// Who listens where, and with which certificate.
struct ListenerSettings: Sendable, Equatable {
    var management: ListenAddress
    var data: ListenAddress
    var controller: ListenAddress
    /// Nil means plain HTTP.
    var managementTLS: TLSFiles?
    var dataTLS: TLSFiles?
    var controllerTLS: TLSFiles?
    /// The controller's, as others reach it; nil where nobody said so.
    var publicURL: String?

    /// Those that have one, by the listener's name.
    var certificates: [(listener: String, files: TLSFiles)] {
        [("management", managementTLS), ("data", dataTLS), ("controller", controllerTLS)].compactMap { name, files in
            files.map { (name, $0) }
        }
    }
}

/// A certificate with its chain, and its key: PEM files.
struct TLSFiles: Sendable, Equatable {
    var certificate: String
    var key: String
}

struct EngineSettings: Sendable, Equatable {
    var accountID: String
    var region: String
    /// A folder, for ``ManagedPolicyFolder``.
    var managedPolicies: String?
    /// What stands behind private links, by the ARN of the load balancer.
    var linkTargets: [String: LinkTargets] = [:]
    /// By `SERVICE` or `SERVICE.REGION`.
    var services: [String: ServiceSettings] = [:]
    var functions = FunctionSettings()
}

struct GitSettings: Sendable, Equatable {
    struct Credentials: Sendable, Equatable {
        var username: String?
        var password: SecretReference
    }

    struct Signers: Sendable, Equatable {
        /// Empty for every path.
        var paths: [String]
        /// An allowed-signers file.
        var ssh: String?
        /// A keyring.
        var gpg: String?
    }

    var knownHosts: String?
    var sshKey: String?
    /// PEM; nil for the system's.
    var certificateAuthorities: String?
    /// By host.
    var credentials: [String: Credentials]
    var timeout: Duration
    var requiresSignatures: Bool
    var allowedSigners: [Signers]
}

struct GuardSettings: Sendable, Equatable {
    struct Environment: Sendable, Equatable {
        var maxDeletes: Int?
        var protect: [String]
        /// As an Environment writes it.
        var target: JSONValue?
        var needsApproval: Bool
    }

    var maxDeletes: Int?
    var protect: [String]
    /// By environment.
    var environments: [String: Environment]
}

struct SecretSettings: Sendable, Equatable {
    var variables: [String]
    var folder: String?
}

/// Names as the forges' users know them.
enum ForgeKind: String, Sendable, CaseIterable { case github, gitlab, gitea }

struct WebhookSettings: Sendable, Equatable {
    var forge: ForgeKind
    var secret: SecretReference
}

struct StatusSettings: Sendable, Equatable {
    var forge: ForgeKind
    /// Nil for the forge's public API.
    var url: String?
    /// `OWNER/NAME`.
    var project: String
    var token: SecretReference
}

struct NotificationSettings: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable { case cloudevents, slack }

    var kind: Kind
    var url: String
    var secret: SecretReference?
    /// Empty for all.
    var events: [String]
}

struct TelemetrySettings: Sendable, Equatable {
    /// Nil for no traces.
    var otlpEndpoint: String?
    var otlpHeaders: [String: SecretText]
    /// 0 to 1.
    var sampleRatio: Double
}

struct LogSettings: Sendable, Equatable {
    enum Format: String, Sendable, CaseIterable { case text, json }
    enum Requests: String, Sendable, CaseIterable { case all, errors, none }

    var level: Logger.Level
    var format: Format
    var requests: Requests
}
