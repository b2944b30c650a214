import Diagnostics
import JSON

/// A setting that has a value, and who said so.
struct EffectiveSetting: Sendable {
    enum Origin: Sendable, Equatable, CustomStringConvertible {
        case `default`
        case file(line: Int, path: String)
        /// A variable, as `$NAME`, or a flag, as `--name`.
        case override(String)

        var description: String {
            switch self {
            case .default: "default"
            case .file(let line, let path): "\(path):\(line)"
            case .override(let name): name
            }
        }
    }

    let setting: Setting
    /// The name with the list's positions and the user's own names in it.
    let path: String
    let value: Node
    let origin: Origin

    init(setting: Setting, path: String, value: Node, origin: Origin) {
        self.setting = setting
        self.path = path
        self.value = value
        self.origin = origin
    }

    init(defaultOf setting: Setting, text: String) {
        self.init(
            setting: setting, path: setting.name,
            value: Node(.string(text), at: .init(file: "", line: 1, column: 1)), origin: .default)
    }

    /// A secret that the setting refers to, a private key among them.
    var secretFile: SecretReference? {
        let isKey = setting.name == "git.sshKey" || (setting.name.hasPrefix("tls.") && setting.name.hasSuffix("key"))
        if isKey { return value.scalarText.map { .file($0) } }
        return SecretReference(checked: value)
    }

    /// For people and logs; nothing secret in it.
    var text: String {
        if case .secretOrText = setting.form, value.members == nil { return "•••" }
        if let text = value.scalarText { return text }
        if let elements = value.elements { return elements.map { $0.scalarText ?? "" }.joined(separator: ", ") }
        if let reference = SecretReference(checked: value) { return "\(reference)" }
        return value.value.text(.compact)
    }
}

extension SecretReference {
    init?(checked node: Node?) {
        if let name = node?["env"]?.scalarText {
            self = .environment(name)
        } else if let path = node?["file"]?.scalarText {
            self = .file(path)
        } else {
            return nil
        }
    }
}
