import JSON

/// Writes values as the service prints them.
struct Printer {
    private(set) var bytes: [UInt8] = []
    private let bytesMax: Int
    private let place: Place

    init(bytesMax: Int, at place: Place) {
        self.bytesMax = bytesMax
        self.place = place
    }

    /// The text that `toString()` gives; a `#define` prints nothing here.
    mutating func print(_ value: Value, depth: Int = 0) throws(TemplateFailure) {
        try check(depth)
        switch value {
        case .null, .block: break
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value): append(String(value))
        case .double(let value): append(JavaNumber.text(value))
        case .number(let number): append(number.text)
        case .string(let text): append(text)
        case .list(let list): try print(list, depth: depth)
        case .map(let map): try print(map, depth: depth)
        case .entry(let entry):
            append(entry.name)
            append("=")
            try printInside(entry.value, depth: depth + 1)
        case .input: append("$input")
        case .util: append("$util")
        }
    }

    /// JSON text of any value, whatever it prints as.
    mutating func printJSON(_ value: Value, depth: Int = 0) throws(TemplateFailure) {
        try check(depth)
        switch value {
        case .null, .block, .input, .util: append("null")
        case .bool, .int, .number: try print(value, depth: depth)
        case .double(let number): append(number.isFinite ? JavaNumber.text(number) : "null")
        case .string(let text): JSONText.append(text, to: &bytes)
        case .list(let list):
            if let json = list.untouched { return append(json: .array(json)) }
            append("[")
            for (position, element) in list.elements.enumerated() {
                if position > 0 { append(",") }
                try printJSON(element, depth: depth + 1)
            }
            append("]")
        case .map(let map):
            if let json = map.untouched { return append(json: .object(json)) }
            append("{")
            for (position, member) in map.members.enumerated() {
                if position > 0 { append(",") }
                JSONText.append(member.name, to: &bytes)
                append(":")
                try printJSON(member.value, depth: depth + 1)
            }
            append("}")
        case .entry(let entry):
            append("{")
            JSONText.append(entry.name, to: &bytes)
            append(":")
            try printJSON(entry.value, depth: depth + 1)
            append("}")
        }
    }

    private mutating func print(_ list: ListValue, depth: Int) throws(TemplateFailure) {
        if list.printsJSON { return try printJSON(.list(list), depth: depth) }
        append("[")
        for (position, element) in list.elements.enumerated() {
            if position > 0 { append(", ") }
            try printInside(element, depth: depth + 1)
        }
        append("]")
    }

    private mutating func print(_ map: MapValue, depth: Int) throws(TemplateFailure) {
        append("{")
        for (position, member) in map.members.enumerated() {
            if position > 0 { append(", ") }
            append(member.name)
            append("=")
            try printInside(member.value, depth: depth + 1)
        }
        append("}")
    }

    /// Inside a list or map Java writes null out.
    private mutating func printInside(_ value: Value, depth: Int) throws(TemplateFailure) {
        if value.isNull { append("null") } else { try print(value, depth: depth) }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(json: JSONValue) {
        bytes.append(contentsOf: json.bytes(.compact))
    }

    private func check(_ depth: Int) throws(TemplateFailure) {
        guard depth <= TemplateLimits.valueDepthMax else {
            throw TemplateFailure(.tooDeep, "a list or map that is printed contains itself", at: place)
        }
        guard bytes.count <= bytesMax else {
            throw TemplateFailure(.outputTooLarge, "a text grows past \(bytesMax) bytes", at: place)
        }
    }
}
