import Diagnostics
import JSON
import Logging
import Storage
import YAML

/// The configuration that counts for one command, and where each value comes from.
struct LoadedConfiguration: Sendable {
    let values: ControllerConfiguration
    /// What is set, and what has a default; in the table's order.
    let settings: [EffectiveSetting]
    /// Nil without a file.
    let file: String?
    let warnings: [Diagnostic]

    /// Each secret that is referred to, with the setting.
    var secrets: [(path: String, reference: SecretReference)] {
        settings.compactMap { setting in
            SecretReference(checked: setting.value).map { (setting.path, $0) }
        }
    }

    /// One record that says all of it, nothing secret in it.
    func log(_ logger: Logger, at level: Logger.Level) {
        var facts: Logger.Metadata = ["gw.conf.file": "\(file ?? "none")"]
        for setting in settings { facts["gw.conf.\(setting.path)"] = "\(setting.text)" }
        logger.log(level: level, "configuration", metadata: facts)
    }
}

/// Reads the file, lays the variables over it, and the flags over both.
struct ConfigurationLoader {
    let directory: DataDirectory
    /// `--config`.
    let option: String?
    let environment: Environment
    /// Setting to text.
    let flags: [String: String]

    static let fileName = "gatewright.conf.yaml"

    /// - Throws: `configuration.invalid`, with everything that is wrong printed before; `configuration.missing`,
    ///   `configuration.unreadable`.
    func load(_ terminal: Terminal) throws -> LoadedConfiguration {
        var tree = Node(.object([]), at: SourceSpan(file: "", line: 1, column: 1))
        var diagnostics: [Diagnostic] = []
        var file: (path: String, folder: String)?
        if let found = try find() {
            file = (found.path, Self.folder(of: found.path))
            diagnostics += read(found, into: &tree)
        }
        for override in overrides() {
            tree.set(override.setting.parts[...], to: override.node)
        }
        var check = ConfigurationCheck(file: file)
        let checked = check.check(tree) ?? Node(.object([]), at: tree.span)
        diagnostics += check.diagnostics + Self.pairs(checked) + exposures(file?.path, check.leaves) + misspelt()
        if !diagnostics.isEmpty {
            // Without the lines themselves: a secret may stand in them, where it does not belong or under a typo.
            terminal.note(DiagnosticRenderer(usesColour: terminal.colour).render(diagnostics).trimmedEnd)
        }
        guard !diagnostics.hasErrors else {
            let count = diagnostics.count { $0.severity == .error }
            throw ConfigurationFailure(
                .invalid,
                "the configuration\(file.map { " `\($0.path)`" } ?? "") has \(count) error\(count == 1 ? "" : "s")"
            )
        }
        return LoadedConfiguration(
            values: ControllerConfiguration(checked: checked), settings: Self.effective(check.leaves),
            file: file?.path, warnings: diagnostics)
    }

    // MARK: The file

    private func find() throws -> (path: String, text: String)? {
        let variable = environment["GATEWRIGHT_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let named = (option ?? variable).map { DataDirectory.absolute($0) }
        let path = named ?? directory.path + "/" + Self.fileName
        let text: String?
        do {
            // One byte more than is taken, so that a longer file is seen to be one.
            text = try FileText.read(path, bytesMax: Limits.configurationBytes + 1)
        } catch let failure {
            throw ConfigurationFailure(.unreadable, "the configuration `\(path)` cannot be read", cause: failure)
        }
        guard let text else {
            guard named != nil else { return nil }
            throw ConfigurationFailure(.missing, "there is no configuration file `\(path)`")
        }
        return (path, text)
    }

    private func read(_ file: (path: String, text: String), into tree: inout Node) -> [Diagnostic] {
        let reading = Node.parse(
            yaml: Array(file.text.utf8), file: file.path, limits: YAMLLimits(bytesMax: Limits.configurationBytes))
        let documents = reading.documents.filter { !$0.isNull }
        if let first = documents.first, !reading.diagnostics.hasErrors { tree = first }
        var diagnostics = reading.diagnostics
        if documents.count > 1 {
            diagnostics.append(
                Diagnostic(
                    .error, ConfigurationCode.oneDocument, "the file has \(documents.count) documents",
                    at: documents[1].span, remedy: "put everything into one"))
        }
        return diagnostics
    }

    private static func folder(of path: String) -> String {
        path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    }

    // MARK: Variables and flags

    private func overrides() -> [(setting: Setting, node: Node)] {
        var found: [(setting: Setting, node: Node)] = []
        func add(_ setting: Setting, _ source: String, _ text: String) {
            found.append((setting, Node(overriding: setting.form, text, source)))
        }
        for setting in Setting.all {
            if let name = setting.foreignVariable, let text = environment[name], !text.isEmpty {
                add(setting, "$" + name, text)
            }
            if let name = setting.variable, let text = environment[name], !text.isEmpty {
                add(setting, "$" + name, text)
            }
            if let text = flags[setting.name] { add(setting, setting.flag ?? setting.name, text) }
        }
        return found
    }

    /// Variables that are nearly ours: a typo would otherwise be ignored in silence.
    private func misspelt() -> [Diagnostic] {
        let known = Set(Setting.all.compactMap(\.variable)).union([
            "GATEWRIGHT_CONFIG", "GATEWRIGHT_DATA_DIR", "GATEWRIGHT_GIT_USERNAME", "GATEWRIGHT_GIT_PASSWORD",
            "GATEWRIGHT_GIT_TOKEN", "GATEWRIGHT_SSH_KEY",
        ])
        return environment.names(startingWith: "GATEWRIGHT_").filter { !known.contains($0) }.compactMap { name in
            Suggestion.nearest(to: name, among: known).map { near in
                Diagnostic(
                    .warning, ConfigurationCode.unknownVariable, "the variable `\(name)` is none of ours", at: nil,
                    remedy: "did you mean `\(near)`?")
            }
        }
    }

    // MARK: What no single value can say

    private static func pairs(_ tree: Node) -> [Diagnostic] {
        guard let tls = tree["tls"] else { return [] }
        let (certificate, key) = (tls["certificate"], tls["key"])
        guard (certificate == nil) != (key == nil) else { return [] }
        return [
            Diagnostic(
                .error, ConfigurationCode.missingKey, "`tls` has no `\(certificate == nil ? "certificate" : "key")`",
                at: (certificate ?? key)?.span, remedy: "a certificate and its key go together")
        ]
    }

    private func exposures(_ file: String?, _ leaves: [EffectiveSetting]) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        if let file, FileStatus(of: file)?.isWritableByOthers == true {
            diagnostics.append(
                Diagnostic(
                    .warning, ConfigurationCode.exposed, "others may write the configuration `\(file)`", at: nil,
                    remedy: "`chmod go-w` it"))
        }
        for leaf in leaves {
            guard let reference = leaf.secretFile, reference.isReadableByOthers else { continue }
            diagnostics.append(
                Diagnostic(
                    .warning, ConfigurationCode.secretExposed,
                    "everybody on this machine can read the file of `\(leaf.path)`",
                    at: leaf.value.span, remedy: "`chmod o-r` it"))
        }
        return diagnostics
    }

    private static func effective(_ leaves: [EffectiveSetting]) -> [EffectiveSetting] {
        let byName = Dictionary(grouping: leaves) { $0.setting.name }
        return Setting.all.flatMap { setting in
            byName[setting.name] ?? setting.fallback.map { [EffectiveSetting(defaultOf: setting, text: $0)] } ?? []
        }
    }
}

extension Node {
    /// A variable's or a flag's text, as the setting wants it; what does not fit is left for the check to refuse.
    fileprivate init(overriding form: Setting.Form, _ text: String, _ source: String) {
        let span = SourceSpan(file: source, line: 1, column: 1, length: max(1, text.unicodeScalars.count))
        switch form {
        case .number where !text.isEmpty && text.utf8.count < 20 && text.utf8.allSatisfy { (48...57).contains($0) }:
            self.init(.number(JSONNumber(text: text)), at: span)
        case .fraction:
            let value = Double(text).flatMap { $0.isFinite ? JSONNumber($0) : nil }
            self.init(value.map { .number($0) } ?? .string(text), at: span)
        case .flag where text == "true" || text == "false":
            self.init(.bool(text == "true", text: text), at: span)
        case .names:
            self.init(.array(text.split(separator: ",").map { Node(.string(String($0)), at: span) }), at: span)
        default: self.init(.string(text), at: span)
        }
    }

    /// Puts a value at a place, making the maps above it; where something else than a map is in the way, the file is
    /// wrong, and that is said of it.
    fileprivate mutating func set(_ parts: ArraySlice<String>, to value: Node) {
        guard let part = parts.first else {
            self = value
            return
        }
        guard var members = isNull ? [] : members else { return }
        let position = members.firstIndex { $0.name == part }
        var inner = position.map { members[$0].value } ?? Node(.object([]), at: value.span)
        inner.set(parts.dropFirst(), to: value)
        if let position {
            members[position].value = inner
        } else {
            members.append(.init(name: part, nameSpan: value.span, value: inner))
        }
        self = Node(.object(members), at: span)
    }
}

extension String {
    fileprivate var trimmedEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
