/// `docs/configuration.md`, made from the table.
enum SettingsPage {
    static var markdown: String {
        introduction
            + Setting.all.map { setting in
                let names = [setting.foreignVariable, setting.variable].compactMap { $0 }.map { "`\($0)`" }
                let cells = [
                    "`\(setting.name)`", setting.form.text, setting.fallback.map { "`\($0)`" } ?? "",
                    names.joined(separator: ", "), setting.flag.map { "`\($0)`" } ?? "", setting.meaning,
                ]
                return "| " + cells.joined(separator: " | ") + " |\n"
            }.joined()
    }

    private static let introduction = """
        # Configuration of the controller and the engine

        This page is made from the table of settings in the program: `make docs` writes it again.

        What a *commit* wants is in manifests. What the *process* may and how it is reached is in `gatewright.conf.yaml`:
        `--config FILE`, else the file that `GATEWRIGHT_CONFIG` names, else `gatewright.conf.yaml` in the data directory if one
        is there. A variable wins over the file, a flag over both; `gatewright doctor` prints each setting with its value and
        who said so, and tries each secret. `serve` and `engine` log the same at their start, nothing secret in it.

        - A key that is not known is an error, as is a file that is not there: nothing is ignored in silence. All mistakes are
          said at once, each with its line.
        - Paths in the file start at the file's folder; paths in variables and flags at the current folder.
        - A secret is never written here: `{env: NAME}` or `{file: PATH}` says where it is. It is read each time it is used,
          without one newline at its end, so a changed file counts at once. A file that others may write is refused; one that
          everybody may read is warned about only, because container platforms mount secrets that way.
        - A list in a variable is separated by commas.
        - The data directory is no setting of the file, which may be in it: `--data-dir`, else `GATEWRIGHT_DATA_DIR`.

        ```yaml
        listeners: { controller: 0.0.0.0:4601 }
        tls: { certificate: tls/server.crt, key: tls/server.key }
        guards: { protect: ["Role/admin*"], environments: { prod: { approval: true } } }
        webhooks: [{ forge: github, secret: { file: /run/secrets/webhook } }]
        logs: { format: json }
        ```

        In the names below `[]` stands for each element of a list, and a word in capitals for a name of your own.

        | Setting | Value | Default | Variable | Flag | What it is |
        |---|---|---|---|---|---|

        """
}

extension Setting.Form {
    /// Type, unit and range in a few words.
    fileprivate var text: String {
        switch self {
        case .text: "text"
        case .account: "12 digits"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .fraction: "0 to 1"
        case .flag: "`true`, `false`"
        case .address: "HOST:PORT"
        case .url: "URL"
        case .file: "file"
        case .folder: "folder"
        case .secret: "secret"
        case .secretOrText: "text or secret"
        case .names: "list"
        case .places: "list of `HOST:PORT`"
        case .requestPath: "path"
        case .any: "map"
        }
    }
}
