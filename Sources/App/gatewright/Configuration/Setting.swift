/// One setting of the controller and the engine: written once, in ``Setting/all``; the file's keys, the variables, the
/// defaults, the checks and `docs/configuration.md` are all made from there.
struct Setting: Sendable {
    /// What a value may be.
    enum Form: Sendable {
        case text
        /// 12 digits.
        case account
        case choice([String])
        case number(ClosedRange<Int>)
        case fraction
        case flag
        /// `HOST:PORT`.
        case address
        /// `http` or `https`.
        case url
        /// A path, relative to the file that says it; the file must be there.
        case file
        /// As ``file``, for a folder.
        case folder
        /// `{env: NAME}` or `{file: PATH}`.
        case secret
        /// A text, or a reference as in ``secret``; a text is never shown.
        case secretOrText
        case names
        /// A list of `HOST:PORT`, each with both.
        case places
        /// Of a request: `/health`.
        case requestPath
        /// Checked by who uses it.
        case any
    }

    /// The path in the file: members with dots, `[]` after a list, capitals for a name that the user chooses.
    let name: String
    let form: Form
    /// What counts where nobody says anything.
    var fallback: String?
    /// The command line's word for it, if it has one.
    var flag: String?
    /// A variable of another standard, below our own.
    var foreignVariable: String?
    /// Wanted as soon as the map around it is written.
    var isRequired = false
    let meaning: String

    /// `GATEWRIGHT_` and the name; nil for what only a file can say.
    var variable: String? {
        guard !name.contains("[]"), !parts.contains(where: Self.isChosen) else { return nil }
        if case .secret = form { return nil }
        if case .any = form { return nil }
        return "GATEWRIGHT_" + parts.map(Self.words).joined(separator: "_")
    }

    /// `publicURL` is `PUBLIC_URL`: capitals in a row are one word.
    private static func words(_ part: String) -> String {
        var text = ""
        var previous: Character?
        for letter in part {
            if letter.isUppercase, let previous, !previous.isUppercase { text += "_" }
            text += letter.uppercased()
            previous = letter
        }
        return text
    }

    var parts: [String] { name.split(separator: ".").map(String.init) }

    /// True for a part that stands for any name: `HOST`.
    static func isChosen(_ part: String) -> Bool {
        part.count > 1 && part.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}

extension Setting {
    /// What stands at a place of the file.
    enum Shape {
        case leaf(Setting)
        case list
        /// The members' names; several may be left to the user, under one capital name.
        case map(names: [String], chosen: String?)
    }

    /// - Parameter pattern: A name as in ``all``, or the beginning of one; empty for the whole file.
    static func shape(of pattern: String) -> Shape? { shapes[pattern] }

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let shapes: [String: Shape] = {
        var shapes: [String: Shape] = [:]
        func add(_ name: String, to pattern: String) {
            var (names, chosen): ([String], String?) = ([], nil)
            if case .map(let known, let free) = shapes[pattern] { (names, chosen) = (known, free) }
            if isChosen(name) {
                chosen = name
            } else if !names.contains(name) {
                names.append(name)
            }
            shapes[pattern] = .map(names: names, chosen: chosen)
        }
        for setting in all {
            var pattern = ""
            for part in setting.parts {
                let isList = part.hasSuffix("[]")
                let name = isList ? String(part.dropLast(2)) : part
                add(name, to: pattern)
                pattern += (pattern.isEmpty ? "" : ".") + name
                if isList {
                    shapes[pattern] = .list
                    pattern += "[]"
                }
            }
            shapes[pattern] = .leaf(setting)
        }
        return shapes
    }()
}
