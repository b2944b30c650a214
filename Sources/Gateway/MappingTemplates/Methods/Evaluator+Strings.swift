extension Evaluator {
    mutating func call(
        _ method: Method, onText text: String, _ arguments: Arguments
    ) throws(TemplateFailure) -> Value {
        try charge(1 + text.utf8.count / 64)
        switch method {
        case .length: return .int(text.utf16.count)
        case .isEmpty: return .bool(text.isEmpty)
        case .isBlank: return .bool(text.utf8.allSatisfy(\.isSpace))
        case .toLowerCase: return .string(text.lowercased())
        case .toUpperCase: return .string(text.uppercased())
        case .trim, .strip: return .string(JavaText.trimmed(text))
        case .toCharArray:
            try charge(text.utf16.count)
            return .list(ListValue(text.utf16.map { .string(String(decoding: [$0], as: UTF16.self)) }))
        case .concat: return .string(try bounded(text + (try self.text(0, arguments))))
        case .repeat: return .string(try repeated(text, arguments))
        case .charAt, .subSequence, .substring: return try part(of: text, arguments)
        case .matches, .replaceAll, .replaceFirst, .split: return try callPattern(method, on: text, arguments)
        case .replace: return .string(try replaced(text, arguments))
        default: return try compare(text, arguments)
        }
    }

    /// The methods that look for a text in another.
    private mutating func compare(_ text: String, _ arguments: Arguments) throws(TemplateFailure) -> Value {
        switch arguments.method {
        case .contains: return .bool(Bytes.find(try self.text(0, arguments), in: text) != nil)
        case .startsWith: return .bool(Bytes.hasPrefix(text, try self.text(0, arguments)))
        case .endsWith: return .bool(Bytes.hasSuffix(text, try self.text(0, arguments)))
        case .indexOf:
            let from = arguments.count > 1 ? try arguments.int(1) : 0
            return .int(JavaText.index(of: try self.text(0, arguments), in: text, from: from) ?? -1)
        case .lastIndexOf: return .int(JavaText.lastIndex(of: try self.text(0, arguments), in: text) ?? -1)
        case .equalsIgnoreCase: return .bool(text.lowercased() == (try self.text(0, arguments)).lowercased())
        case .compareTo: return .int(JavaText.compare(text, try self.text(0, arguments)))
        case .compareToIgnoreCase:
            return .int(JavaText.compare(text.lowercased(), (try self.text(0, arguments)).lowercased()))
        default: return .null
        }
    }

    private mutating func repeated(_ text: String, _ arguments: Arguments) throws(TemplateFailure) -> String {
        let count = try arguments.int(0)
        let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(count, 0))
        guard !overflow, bytes <= limits.outputBytesMax else {
            throw TemplateFailure(
                .outputTooLarge, "a text grows past \(limits.outputBytesMax) bytes", at: arguments.place)
        }
        try charge(1 + bytes / 64)
        return text.isEmpty ? "" : String(repeating: text, count: max(count, 0))
    }

    private func part(of text: String, _ arguments: Arguments) throws(TemplateFailure) -> Value {
        let from = try arguments.int(0)
        let to: Int?
        switch arguments.method {
        case .charAt: to = from < Int.max ? from + 1 : from
        case .subSequence: to = try arguments.int(1)
        default: to = arguments.count > 1 ? try arguments.int(1) : nil
        }
        guard let part = JavaText.substring(text, from: from, to: to) else {
            throw TemplateFailure(
                .badArgument,
                "`\(arguments.method.rawValue)` from \(from)\(to.map { " to \($0)" } ?? "") is outside of a text of "
                    + "\(text.utf16.count) characters", at: arguments.place)
        }
        return .string(part)
    }

    private mutating func replaced(_ text: String, _ arguments: Arguments) throws(TemplateFailure) -> String {
        let old = try self.text(0, arguments)
        let new = try self.text(1, arguments)
        guard let result = Bytes.replacing(old, with: new, in: text, bytesMax: limits.outputBytesMax) else {
            throw TemplateFailure(
                .outputTooLarge, "a text grows past \(limits.outputBytesMax) bytes", at: arguments.place)
        }
        try charge(1 + result.utf8.count / 64)
        return result
    }

    private mutating func callPattern(
        _ method: Method, on text: String, _ arguments: Arguments
    ) throws(TemplateFailure) -> Value {
        let source = try self.text(0, arguments)
        try charge(1 + source.utf8.count)
        do throws(TemplateFailure) {
            let pattern = try Pattern(parsing: source)
            var matcher = Matcher(
                pattern, text, stepsMax: limits.regexStepsMax, bytesMax: limits.outputBytesMax, time: time)
            let result: Value
            switch method {
            case .matches: result = .bool(try matcher.matchesAll())
            case .split:
                let limit = arguments.count > 1 ? try arguments.int(1) : 0
                result = .list(ListValue(try matcher.split(limit: limit).map(Value.string)))
            default:
                let replacement = try self.text(1, arguments)
                result = .string(try matcher.replace(with: replacement, onlyFirst: method == .replaceFirst))
            }
            time = matcher.time
            try charge(matcher.steps / 32)
            return result
        } catch { throw TemplateFailure(error.code, error.message, at: place) }
    }
}
