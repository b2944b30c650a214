import JSON

/// The manual page of the program, made from what its commands say of themselves: `explain --manual`.
///
/// SOURCE: man(7) of groff 1.22: `.TH`, `.SH`, `.SS`, `.TP`; a line that starts with a full stop or an apostrophe is a
/// request.
struct ManualPage {
    /// - Parameter dump: What the command line library tells of the whole program, as JSON.
    init(of dump: String) throws(JSONFailure) { program = try JSONValue(parsing: dump)["command"] ?? [:] }

    private let program: JSONValue

    /// Said once, for all commands.
    private static let shared: Set<String> = ["data-dir", "config", "log-level", "log-format"]
    private static let elsewhere: Set<String> = ["help", "version"]

    var text: String {
        let commands = Self.visible(program["subcommands"]).filter { $0["commandName"]?.string != "help" }
        var lines = [
            ".TH GATEWRIGHT 1 \"\" \"gatewright \(Version.text)\" \"User commands\"", ".SH NAME",
            "gatewright \\- \(Self.escaped(program["abstract"]?.string ?? ""))", ".SH SYNOPSIS",
            ".B gatewright", ".I command", "[\\fIargument\\fR ...] [\\fIoption\\fR ...]", ".SH COMMANDS",
        ]
        for command in commands { lines += section(command, "") }
        lines += [".SH OPTIONS OF EVERY COMMAND"]
        let any = commands.first.map { Self.visible($0["arguments"]) } ?? []
        lines += any.filter { Self.shared.contains(Self.name($0)) }.flatMap(paragraph)
        lines += [
            ".TP", "\\fB\\-\\-help\\fR", "Say what a command does and takes.", ".TP", "\\fB\\-\\-version\\fR",
            "Print the version.", ".SH EXIT STATUS",
        ]
        for status in ExitStatus.allCases { lines += [".TP", "\(status.rawValue)", Self.escaped(status.meaning)] }
        lines += [".SH ENVIRONMENT"]
        for setting in Setting.all {
            guard let variable = setting.variable else { continue }
            lines += [".TP", "\\fB\(variable)\\fR", Self.escaped(setting.meaning)]
        }
        lines += [
            ".SH FILES", ".TP", "\\fIgatewright.yaml\\fR", "The environments of a configuration repository.", ".TP",
            "\\fIgatewright.conf.yaml\\fR", "The configuration of the controller and the engine.", ".TP",
            "\\fI.gatewright\\fR", "The data directory: state, engine, credentials, sockets.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ command: JSONValue, _ above: String) -> [String] {
        let name = above + (command["commandName"]?.string ?? "")
        let inner = Self.visible(command["subcommands"]).filter { $0["commandName"]?.string != "help" }
        guard inner.isEmpty else { return inner.flatMap { section($0, name + " ") } }
        let arguments = Self.visible(command["arguments"]).filter {
            !Self.shared.contains(Self.name($0)) && !Self.elsewhere.contains(Self.name($0))
        }
        let positions = arguments.filter { $0["kind"] == "positional" }.map { argument in
            let word = "\\fI\(Self.escaped(argument["valueName"]?.string ?? ""))\\fR"
            return argument["isOptional"]?.bool == true ? "[\(word)]" : word
        }
        var lines = [".SS " + (["gatewright \(Self.escaped(name))"] + positions).joined(separator: " ")]
        lines.append(Self.escaped(command["abstract"]?.string ?? ""))
        if let more = command["discussion"]?.string, !more.isEmpty { lines += [".PP", Self.escaped(more)] }
        return lines + arguments.flatMap(paragraph)
    }

    private func paragraph(_ argument: JSONValue) -> [String] {
        let value = "\\fI\(Self.escaped(argument["valueName"]?.string ?? ""))\\fR"
        let words = (argument["names"]?.array ?? []).map { name in
            let text = name["name"]?.string ?? ""
            return "\\fB\(Self.escaped((name["kind"] == "long" ? "--" : "-") + text))\\fR"
                + (argument["kind"] == "option" ? " \(value)" : "")
        }
        var meaning = argument["abstract"]?.string ?? ""
        if let values = argument["allValues"]?.array, !values.isEmpty {
            meaning += " (" + values.compactMap(\.string).joined(separator: ", ") + ")"
        }
        if let fallback = argument["defaultValue"]?.string, !fallback.isEmpty, argument["kind"] != "flag" {
            meaning += " Default: \(fallback)."
        }
        return [".TP", words.isEmpty ? value : words.joined(separator: ", "), Self.escaped(meaning)]
    }

    private static func visible(_ list: JSONValue?) -> [JSONValue] {
        (list?.array ?? []).filter { $0["shouldDisplay"]?.bool != false }
    }

    private static func name(_ argument: JSONValue) -> String { argument["preferredName"]?["name"]?.string ?? "" }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for letter in text {
            switch letter {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            case "\n": escaped += " "
            default: escaped.append(letter)
            }
        }
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}
