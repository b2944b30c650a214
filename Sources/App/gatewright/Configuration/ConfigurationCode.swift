import Diagnostics

/// What may be wrong with `gatewright.conf.yaml` and what overrides it.
enum ConfigurationCode: String, StableCode {
    case invalid = "configuration.invalid"
    case missing = "configuration.missing"
    case unreadable = "configuration.unreadable"
    case oneDocument = "configuration.one-document"
    case unknownKey = "configuration.unknown-key"
    case unknownVariable = "configuration.unknown-variable"
    case wrongType = "configuration.wrong-type"
    case unknownValue = "configuration.unknown-value"
    case outOfRange = "configuration.out-of-range"
    case missingKey = "configuration.missing-key"
    case badAddress = "configuration.bad-address"
    case badURL = "configuration.bad-url"
    case missingFile = "configuration.missing-file"
    case plainSecret = "configuration.plain-secret"
    case missingSecret = "configuration.missing-secret"
    case secretExposed = "configuration.secret-exposed"
    case exposed = "configuration.exposed"
}

/// The configuration, or a secret that it names, cannot be used.
struct ConfigurationFailure: Failure {
    typealias Code = ConfigurationCode

    let code: ConfigurationCode
    let message: String
    let cause: (any Error)?
    var recovery: Recovery { .askOperator(runbook: "configuration.md") }

    init(_ code: ConfigurationCode, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension ConfigurationCode {
    var explanation: Explanation {
        switch self {
        case .invalid:
            Explanation(
                meaning: "the controller's configuration has errors, so nothing was started",
                cause: "what the messages before this one say, each with its place",
                remedy: "correct them; `gatewright doctor` shows each setting and where it comes from")
        case .missing:
            Explanation(
                meaning: "the configuration file that was named is not there",
                cause: "a typo in `--config` or `GATEWRIGHT_CONFIG`", remedy: "correct the path, or leave it out",
                example: "gatewright serve --config /etc/gatewright/gatewright.conf.yaml")
        case .unreadable:
            Explanation(
                meaning: "the configuration file cannot be read", cause: "its rights, or a folder of that name",
                remedy: "give the user of this process the right to read it")
        case .oneDocument:
            Explanation(
                meaning: "a configuration file has one document", cause: "a line `---` between two documents",
                remedy: "put everything into one document")
        case .unknownKey:
            Explanation(
                meaning: "a key of the configuration is not known, and nothing is ignored in silence",
                cause: "a typo, a key in the wrong section, or a configuration of a newer version",
                remedy: "compare with docs/configuration.md", example: "listeners: { managment: 127.0.0.1:4600 }")
        case .unknownVariable:
            Explanation(
                meaning: "a variable looks like one of ours, and is none", cause: "a typo",
                remedy: "compare with docs/configuration.md", example: "GATEWRIGHT_LISTENERS_CONTROLER=127.0.0.1:0")
        case .wrongType:
            Explanation(
                meaning: "a setting has a value of another type than it wants",
                cause: "a list where one value is wanted, a text where a number is wanted, and the like",
                remedy: "write what the message asks for", example: "git: { timeoutSeconds: soon }")
        case .unknownValue:
            Explanation(
                meaning: "a setting takes one of a few words, and has another", cause: "a typo",
                remedy: "write one of the words in the message", example: "logs: { format: yaml }")
        case .outOfRange:
            Explanation(
                meaning: "a number, a text or a list is smaller or larger than the setting allows",
                cause: "another unit than the setting's", remedy: "docs/configuration.md names unit and range",
                example: "git: { timeoutSeconds: 0 }")
        case .missingKey:
            Explanation(
                meaning: "a section or an element lacks a key that it cannot do without", cause: "it was left out",
                remedy: "add the key of the message", example: "webhooks: [{ forge: github }]")
        case .badAddress:
            Explanation(
                meaning: "an address to listen on is not of the form HOST:PORT",
                cause: "a typo, or a port outside 0 to 65535",
                remedy: "write the host and the port; port 0 takes a free one",
                example: "listeners: { data: 127.0.0.1:8080 }")
        case .badURL:
            Explanation(
                meaning: "a setting wants a URL of `http` or `https`", cause: "a typo, or another scheme",
                remedy: "write scheme, host, and what follows", example: "statuses: { url: https://git.example.com }")
        case .missingFile:
            Explanation(
                meaning: "a file or folder that a setting names is not there",
                cause: "a typo, or a path that is meant from another folder: paths in the file start at its folder, "
                    + "paths in variables and flags at the current one",
                remedy: "correct the path, or put the file there")
        case .plainSecret:
            Explanation(
                meaning: "a secret stands in the configuration itself",
                cause: "it was written where a reference belongs",
                remedy: "write `{env: NAME}` or `{file: PATH}`, and change the secret: it may have been read",
                example: "webhooks: [{ forge: github, secret: { file: /run/secrets/webhook } }]")
        case .missingSecret:
            Explanation(
                meaning: "a secret that the configuration refers to is not there, or is empty",
                cause: "a variable that is not set for this process, or a file that was not put there yet",
                remedy: "set the variable, or write the file: it is read again at the next use")
        case .secretExposed:
            Explanation(
                meaning: "the file of a secret is open to others: one that others may write is refused, one that "
                    + "everybody may read is warned about, since container platforms mount secrets that way",
                cause: "its rights", remedy: "`chmod go-w,o-r` it, and see who owns it")
        case .exposed:
            Explanation(
                meaning: "others may write the configuration file, and so decide what this process does",
                cause: "its rights", remedy: "`chmod go-w` it")
        }
    }
}
