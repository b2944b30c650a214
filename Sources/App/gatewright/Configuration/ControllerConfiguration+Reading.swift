import DataPlane
import Diagnostics
import JSON
import Logging

extension ControllerConfiguration {
    /// - Parameter tree: As ``ConfigurationCheck`` left it: what is wrong is not in it any more, so that nothing has to be
    ///   said here.
    init(checked tree: Node) {
        listeners = ListenerSettings(checked: tree)
        authoritiesPath = tree.at("tls.authorities")?.scalarText
        engine = EngineSettings(
            accountID: tree.setting("engine.accountId"), region: tree.setting("engine.region"),
            managedPolicies: tree.at("engine.managedPolicies")?.scalarText,
            linkTargets: tree.chosen("engine.endpoints.targets") { LinkTargets(checked: $0) },
            services: tree.chosen("engine.endpoints.services") { node in
                ServiceSettings(
                    url: node["url"]?.scalarText, accessKeyID: node.secret("accessKeyId"),
                    secretAccessKey: node.secret("secretAccessKey"), sessionToken: node.secret("sessionToken"))
            },
            functions: FunctionSettings(
                isEnabled: tree.setting("engine.functions.enabled") == "true",
                folder: tree.at("engine.functions.folder")?.scalarText,
                interpreters: tree.chosen("engine.functions.runtimes") { $0["interpreter"]?.scalarText }))
        git = GitSettings(checked: tree)
        guards = GuardSettings(checked: tree)
        secrets = SecretSettings(
            variables: tree.at("secrets.env")?.texts ?? [], folder: tree.at("secrets.dir")?.scalarText)
        webhooks = tree.elements(of: "webhooks") { node in
            guard let forge = node.choice("forge", ForgeKind.self), let secret = node.secret("secret") else {
                return nil
            }
            return WebhookSettings(forge: forge, secret: secret)
        }
        statuses = StatusSettings(checked: tree.at("statuses"))
        notifications = tree.elements(of: "notifications") { node in
            guard let kind = node.choice("kind", NotificationSettings.Kind.self), let url = node["url"]?.scalarText
            else { return nil }
            return NotificationSettings(
                kind: kind, url: url, secret: node.secret("secret"), events: node["events"]?.texts ?? [])
        }
        telemetry = TelemetrySettings(
            otlpEndpoint: tree.at("telemetry.otlp.endpoint")?.scalarText,
            otlpHeaders: tree.chosen("telemetry.otlp.headers") { node in
                SecretReference(checked: node).map { .reference($0) } ?? node.scalarText.map { .text(Secret($0)) }
            }, sampleRatio: Double(tree.setting("telemetry.sampleRatio")) ?? 1)
        logs = LogSettings(
            level: Logger.Level(rawValue: tree.setting("logs.level")) ?? .warning,
            format: LogSettings.Format(rawValue: tree.setting("logs.format")) ?? .text,
            requests: LogSettings.Requests(rawValue: tree.setting("logs.requests")) ?? .all)
    }
}

extension LinkTargets {
    fileprivate init?(checked node: Node) {
        guard let addresses = node["addresses"]?.texts, !addresses.isEmpty else { return nil }
        self.init(addresses)
        guard let settings = node["healthCheck"] else { return }
        func number(_ name: String) -> Int? { settings[name]?.number?.int }
        check.path = settings["path"]?.scalarText
        check.interval = number("intervalSeconds").map { .seconds($0) } ?? check.interval
        check.timeout = number("timeoutSeconds").map { .seconds($0) } ?? check.timeout
        check.healthyThreshold = number("healthyThreshold") ?? check.healthyThreshold
        check.unhealthyThreshold = number("unhealthyThreshold") ?? check.unhealthyThreshold
    }
}

extension ListenerSettings {
    fileprivate init(checked tree: Node) {
        func address(_ name: String) -> ListenAddress {
            let text = tree.setting("listeners.\(name)")
            guard let address = ListenAddress(argument: text) else {
                preconditionFailure("the check and the table let `\(text)` through as an address")
            }
            return address
        }
        func files(_ name: String) -> TLSFiles? {
            for place in ["tls.\(name)", "tls"] {
                if let certificate = tree.at(place)?["certificate"]?.scalarText,
                    let key = tree.at(place)?["key"]?.scalarText
                {
                    return TLSFiles(certificate: certificate, key: key)
                }
            }
            return nil
        }
        self.init(
            management: address("management"), data: address("data"), controller: address("controller"),
            managementTLS: files("management"), dataTLS: files("data"), controllerTLS: files("controller"),
            publicURL: tree.at("listeners.publicURL")?.scalarText)
    }
}

extension GitSettings {
    fileprivate init(checked tree: Node) {
        self.init(
            knownHosts: tree.at("git.knownHosts")?.scalarText, sshKey: tree.at("git.sshKey")?.scalarText,
            certificateAuthorities: tree.at("git.certificateAuthorities")?.scalarText,
            credentials: tree.chosen("git.credentials") { node in
                node.secret("password").map { Credentials(username: node["username"]?.scalarText, password: $0) }
            },
            timeout: .seconds(Int(tree.setting("git.timeoutSeconds")) ?? 300),
            requiresSignatures: tree.at("git.signatures.required")?.bool ?? false,
            allowedSigners: tree.elements(of: "git.signatures.allowedSigners") { node in
                Signers(
                    paths: node["paths"]?.texts ?? [], ssh: node["ssh"]?.scalarText, gpg: node["gpg"]?.scalarText)
            })
    }
}

extension GuardSettings {
    fileprivate init(checked tree: Node) {
        self.init(
            maxDeletes: tree.at("guards.maxDeletes")?.number?.int, protect: tree.at("guards.protect")?.texts ?? [],
            environments: tree.chosen("guards.environments") { node in
                Environment(
                    maxDeletes: node["maxDeletes"]?.number?.int, protect: node["protect"]?.texts ?? [],
                    target: node["target"]?.value, needsApproval: node["approval"]?.bool ?? false)
            })
    }
}

extension StatusSettings {
    fileprivate init?(checked node: Node?) {
        guard let node, let forge = node.choice("forge", ForgeKind.self), let project = node["project"]?.scalarText,
            let token = node.secret("token")
        else { return nil }
        self.init(forge: forge, url: node["url"]?.scalarText, project: project, token: token)
    }
}

extension Node {
    fileprivate func at(_ name: String) -> Node? {
        name.split(separator: ".").reduce(Node?.some(self)) { node, part in node?[String(part)] }
    }

    /// The text that counts: what was said, else the table's default.
    fileprivate func setting(_ name: String) -> String { at(name)?.scalarText ?? Setting.byName[name]?.fallback ?? "" }

    fileprivate var texts: [String] { elements?.compactMap(\.scalarText) ?? [] }

    fileprivate func secret(_ name: String) -> SecretReference? { SecretReference(checked: self[name]) }

    fileprivate func choice<Choice: RawRepresentable<String>>(_ name: String, _: Choice.Type) -> Choice? {
        self[name]?.scalarText.flatMap { Choice(rawValue: $0) }
    }

    fileprivate func chosen<Value>(_ name: String, _ read: (Node) -> Value?) -> [String: Value] {
        var values: [String: Value] = [:]
        for member in at(name)?.members ?? [] { values[member.name] = read(member.value) }
        return values
    }

    fileprivate func elements<Value>(of name: String, _ read: (Node) -> Value?) -> [Value] {
        (at(name)?.elements ?? []).compactMap(read)
    }
}
