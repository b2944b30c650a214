import ArgumentParser
import Diagnostics

/// `gatewright explain CODE`
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what a code in a message means and what to do about it.")

    @Argument(help: "A code such as manifest.unknown-field; none lists them all.")
    var code: String?

    @Flag(help: "Print Markdown.")
    var markdown = false

    @Flag(name: .customLong("configuration"), help: "Print every setting of gatewright.conf.yaml, as Markdown.")
    var listsSettings = false

    @Flag(name: .customLong("manual"), help: "Print the manual page, for `man -l`.")
    var isManual = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            if listsSettings {
                terminal.write(SettingsPage.markdown)
                return .done
            }
            if isManual {
                terminal.write(try ManualPage(of: Gatewright._dumpHelp()).text)
                return .done
            }
            guard let code else {
                for entry in Catalogue.all.entries {
                    terminal.say(markdown ? entry.markdown : "\(entry.code)\n    \(entry.explanation.meaning)")
                }
                return .done
            }
            guard let entry = Catalogue.all[code] else {
                let hint = Catalogue.all.suggestion(for: code).map { ", did you mean `\($0)`" } ?? ""
                throw CommandFailure(.unknownCode, "there is no code `\(code)`\(hint)")
            }
            terminal.say(markdown ? entry.markdown : text(entry))
            return .done
        }
    }

    private func text(_ entry: Catalogue.Entry) -> String {
        var text = """
            \(entry.code)

              meaning  \(entry.explanation.meaning)
              cause    \(entry.explanation.cause)
              remedy   \(entry.explanation.remedy)
            """
        if !entry.explanation.example.isEmpty { text += "\n  example  \(entry.explanation.example)" }
        return text
    }
}
