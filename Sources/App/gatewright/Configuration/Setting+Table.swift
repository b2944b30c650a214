extension Setting {
    /// Every setting, in the order of the documentation.
    static let all: [Setting] =
        listeners + engine + git + guards + [
            Setting(
                name: "secrets.env", form: .names,
                meaning: "Variables that a manifest's `valueFrom: {env: NAME}` may read."),
            Setting(
                name: "secrets.dir", form: .folder, flag: "--secrets-dir",
                meaning: "The folder that a manifest's `valueFrom: {file: PATH}` may read from."),
        ] + forges + observation

    private static let listeners: [Setting] = [
        Setting(
            name: "listeners.management", form: .address, fallback: "127.0.0.1:4600", flag: "--management-listen",
            meaning: "HOST:PORT of the management API; port 0 takes a free one."),
        Setting(
            name: "listeners.data", form: .address, fallback: "127.0.0.1:8080", flag: "--data-listen",
            meaning: "HOST:PORT of the deployed APIs; port 0 takes a free one."),
        Setting(
            name: "listeners.controller", form: .address, fallback: "127.0.0.1:4601", flag: "--listen",
            meaning: "HOST:PORT of the controller's status, metrics and webhooks; port 0 takes a free one."),
        Setting(
            name: "listeners.publicURL", form: .url,
            meaning: "The controller's address as others reach it: for links in statuses and notifications."),
        Setting(
            name: "tls.certificate", form: .file,
            meaning: "The listeners' certificate and its chain, PEM; goes with `tls.key`."),
        Setting(name: "tls.key", form: .file, meaning: "The private key of `tls.certificate`, PEM."),
        Setting(
            name: "tls.authorities", form: .file,
            meaning: "Certificates, PEM, that are trusted beside the system's: by calls to https endpoints, targets, "
                + "forges and collectors."),
        Setting(
            name: "tls.management.certificate", form: .file, isRequired: true,
            meaning: "Of the management API alone, instead of `tls.certificate`."),
        Setting(
            name: "tls.management.key", form: .file, isRequired: true,
            meaning: "The private key of `tls.management.certificate`."),
        Setting(
            name: "tls.data.certificate", form: .file, isRequired: true,
            meaning: "Of the deployed APIs alone, instead of `tls.certificate`."),
        Setting(
            name: "tls.data.key", form: .file, isRequired: true, meaning: "The private key of `tls.data.certificate`."),
        Setting(
            name: "tls.controller.certificate", form: .file, isRequired: true,
            meaning: "Of the controller alone, instead of `tls.certificate`."),
        Setting(
            name: "tls.controller.key", form: .file, isRequired: true,
            meaning: "The private key of `tls.controller.certificate`."),
    ]

    private static let engine: [Setting] = engineItself + endpoints

    private static let engineItself: [Setting] = [
        Setting(
            name: "engine.accountId", form: .account, fallback: "123456789012", flag: "--account-id",
            meaning: "The engine's account, 12 digits."),
        Setting(
            name: "engine.region", form: .text, fallback: "us-east-1", flag: "--region", meaning: "The engine's region."
        ),
        Setting(
            name: "engine.managedPolicies", form: .folder, flag: "--managed-policies",
            meaning: "A folder with managed policies of AWS beside those that the program has: `index.json`, and the "
                + "documents that it names."),
        Setting(
            name: "engine.functions.enabled", form: .flag, fallback: "false", flag: "--enable-functions",
            meaning: "Lambda functions are run, as processes of this machine: whoever may commit can run code here."),
        Setting(
            name: "engine.functions.folder", form: .folder,
            meaning:
                "Where the code of functions lies, and what they write: every user must be able to enter it. Under "
                + "root `/var/lib/gatewright/functions`, with a folder for each data directory; else in the data directory."
        ),
        Setting(
            name: "engine.functions.runtimes.RUNTIME.interpreter", form: .file, isRequired: true,
            meaning:
                "The Python that runs functions of this runtime, such as `python3.11`; it must have `awslambdaric`. "
                + "Runtimes that begin with `provided` need none."),
    ]

    /// Where services are, and what stands behind private links.
    private static let endpoints: [Setting] = [
        Setting(
            name: "engine.endpoints.services.SERVICE.url", form: .url,
            meaning: "Where integrations find this service (`sns`, or `sns.eu-west-1` for one region); AWS by default. "
                + "`--endpoint SERVICE=URL` wins. Of `cognito-idp` it is where the keys of user pools are; none by "
                + "default."),
        Setting(
            name: "engine.endpoints.services.SERVICE.accessKeyId", form: .secret,
            meaning: "With `secretAccessKey`: signs the requests instead of the engine's own credentials of the role, "
                + "which AWS does not know."),
        Setting(
            name: "engine.endpoints.services.SERVICE.secretAccessKey", form: .secret,
            meaning: "The secret of `accessKeyId`."),
        Setting(
            name: "engine.endpoints.services.SERVICE.sessionToken", form: .secret,
            meaning: "Where `accessKeyId` is a temporary one."),
        Setting(
            name: "engine.endpoints.targets.ARN.addresses", form: .places, isRequired: true,
            meaning: "What stands behind the load balancer of this ARN: where requests over a `VpcLink` to it go."),
        Setting(
            name: "engine.endpoints.targets.ARN.healthCheck.path", form: .requestPath,
            meaning: "Asked for by GET over HTTP: 200 to 399 is healthy. A connection is enough by default."),
        Setting(
            name: "engine.endpoints.targets.ARN.healthCheck.intervalSeconds", form: .number(1...300),
            meaning: "Between two checks of an address; 10 by default."),
        Setting(
            name: "engine.endpoints.targets.ARN.healthCheck.timeoutSeconds", form: .number(1...120),
            meaning: "The longest that a check, or the connection of a request, may take; 3 by default."),
        Setting(
            name: "engine.endpoints.targets.ARN.healthCheck.healthyThreshold", form: .number(1...10),
            meaning: "Checks in a row until an unhealthy address gets requests again; 2 by default."),
        Setting(
            name: "engine.endpoints.targets.ARN.healthCheck.unhealthyThreshold", form: .number(1...10),
            meaning: "Failed checks or requests in a row until an address gets no requests; 2 by default."),
    ]

    private static let git: [Setting] = [
        Setting(
            name: "git.knownHosts", form: .file,
            meaning: "The SSH host keys that are trusted, in the form of `known_hosts`; the user's own by default."),
        Setting(
            name: "git.sshKey", form: .file,
            meaning: "The private key for repositories over SSH; the agent's keys by default."),
        Setting(
            name: "git.certificateAuthorities", form: .file,
            meaning: "Certificates, PEM, that `https://` remotes are held against, instead of the system's; "
                + "`GIT_SSL_CAINFO` wins."),
        Setting(
            name: "git.credentials.HOST.username", form: .text, meaning: "The user at that host, for `https://`."),
        Setting(
            name: "git.credentials.HOST.password", form: .secret, isRequired: true,
            meaning: "The password or token at that host."),
        Setting(
            name: "git.timeoutSeconds", form: .number(1...86_400), fallback: "300",
            meaning: "The longest that one clone or fetch may take, in seconds."),
        Setting(
            name: "git.signatures.required", form: .flag, fallback: "false",
            meaning: "Only commits that an allowed signer signed are planned and applied."),
        Setting(
            name: "git.signatures.allowedSigners[].paths", form: .names,
            meaning: "The paths of the repository that these signers may change, as patterns; all by default."),
        Setting(
            name: "git.signatures.allowedSigners[].ssh", form: .file,
            meaning: "An allowed-signers file, as ssh-keygen has it."),
        Setting(
            name: "git.signatures.allowedSigners[].gpg", form: .file, meaning: "A keyring of OpenPGP public keys."),
    ]

    private static let guards: [Setting] = [
        Setting(
            name: "guards.maxDeletes", form: .number(0...1_000_000),
            meaning: "The most objects that one apply may delete without consent, in every environment."),
        Setting(
            name: "guards.protect", form: .names,
            meaning: "Addresses, as patterns such as `Role/admin*`, that no apply may delete or replace."),
        Setting(
            name: "guards.environments.NAME.maxDeletes", form: .number(0...1_000_000),
            meaning: "As `guards.maxDeletes`, for one environment."),
        Setting(
            name: "guards.environments.NAME.protect", form: .names,
            meaning: "Added to `guards.protect` for one environment."
        ),
        Setting(
            name: "guards.environments.NAME.target", form: .any,
            meaning: "The only target that the environment may have, written as in an Environment."),
        Setting(
            name: "guards.environments.NAME.approval", form: .flag, fallback: nil,
            meaning: "Every plan of the environment needs consent to its digest."),
    ]

    private static let forges: [Setting] = [
        Setting(
            name: "webhooks[].forge", form: .choice(["github", "gitlab", "gitea"]), isRequired: true,
            meaning: "Whose push events are taken, at `/webhooks/FORGE` of the controller."),
        Setting(
            name: "webhooks[].secret", form: .secret, isRequired: true,
            meaning: "What the forge signs its events with, or sends as their token."),
        Setting(
            name: "statuses.forge", form: .choice(["github", "gitlab", "gitea"]), isRequired: true,
            meaning: "Where commit statuses are set."),
        Setting(name: "statuses.url", form: .url, meaning: "The forge's API; its public one by default."),
        Setting(
            name: "statuses.project", form: .text, isRequired: true, meaning: "The repository there, as `OWNER/NAME`."),
        Setting(
            name: "statuses.token", form: .secret, isRequired: true,
            meaning: "An access token that may set commit statuses."),
        Setting(
            name: "notifications[].kind", form: .choice(["cloudevents", "slack"]), isRequired: true,
            meaning: "The form of the messages."),
        Setting(name: "notifications[].url", form: .url, isRequired: true, meaning: "Where they are sent."),
        Setting(
            name: "notifications[].secret", form: .secret, meaning: "The key that CloudEvents are signed with."),
        Setting(
            name: "notifications[].events", form: .names, meaning: "Only events of these kinds; all by default."),
    ]

    private static let observation: [Setting] = [
        Setting(
            name: "telemetry.otlp.endpoint", form: .url, foreignVariable: "OTEL_EXPORTER_OTLP_ENDPOINT",
            meaning: "The collector that takes traces as OTLP/HTTP JSON, without `/v1/traces`; no traces by default."),
        Setting(
            name: "telemetry.otlp.headers.HEADER", form: .secretOrText,
            meaning: "A header of each export, such as an access key."),
        Setting(
            name: "telemetry.sampleRatio", form: .fraction, fallback: "1",
            meaning:
                "The share of requests that are traced, 0 to 1, where the caller does not say; reconciles always are."
        ),
        Setting(
            name: "logs.level", form: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            fallback: "warning", flag: "--log-level",
            meaning: "The least level that is logged; servers log `info` at least."
        ),
        Setting(
            name: "logs.format", form: .choice(["text", "json"]), fallback: "text", flag: "--log-format",
            meaning: "How log lines look."),
        Setting(
            name: "logs.requests", form: .choice(["all", "errors", "none"]), fallback: "all",
            meaning: "Which requests to the deployed APIs are logged; `errors` are those answered with 5xx."),
    ]
}
