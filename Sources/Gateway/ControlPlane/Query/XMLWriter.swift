import JSON

/// Writes results as XML in the form of the Query protocol: a list is `<Users><member>…</member></Users>`.
struct XMLWriter {
    private(set) var text = ""

    mutating func open(_ name: String) { text += "<\(name)>" }
    mutating func close(_ name: String) { text += "</\(name)>" }

    mutating func element(_ name: String, _ value: JSONValue) {
        switch value {
        case .null: break
        case .array(let elements) where name == XMLWriter.mapEntry:
            // The entries of a map stand beside each other.
            for element in elements { self.element(name, element) }
        default:
            open(name)
            content(value)
            close(name)
        }
    }

    /// Name of the one member of an object that is a map: `[{key, value}]`.
    static let mapEntry = "entry"

    mutating func content(_ value: JSONValue) {
        switch value {
        case .null: break
        case .bool(let flag): text += flag ? "true" : "false"
        case .number(let number): text += number.text
        case .string(let string): text += Self.escaped(string)
        case .array(let elements): for element in elements { self.element("member", element) }
        case .object(let object): for (name, value) in object { element(name, value) }
        }
    }

    /// What XML 1.0 cannot hold becomes U+FFFD.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\r": result += "&#13;"
            case "\n", "\t", "\u{20}"..."\u{FFFD}", "\u{10000}"...: result.unicodeScalars.append(scalar)
            default: result += "\u{FFFD}"
            }
        }
    }
}

extension JSONValue {
    /// A map as the Query protocol writes it.
    static func queryMap(_ entries: [(key: String, value: JSONValue)]) -> JSONValue {
        .object([XMLWriter.mapEntry: .array(entries.map { ["key": .string($0.key), "value": $0.value] })])
    }
}
