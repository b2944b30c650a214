import JSON

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
        case .stripLeading: return .string(String(text.drop { $0.isWhitespace }))
        case .stripTrailing:
            var end = text.endIndex
            while end > text.startIndex, text[text.index(before: end)].isWhitespace { end = text.index(before: end) }
            return .string(String(text[..<end]))
        case .intern: return .string(text)
        case .contentEquals: return .bool(text.isExactly(try self.text(0, arguments)))
        case .valueOf, .copyValueOf: return .string(try self.text(0, arguments))
        case .join: return .string(try joined(arguments))
        case .format:
            return .string(try formatted(self.text(0, arguments), Array(arguments.values.dropFirst()), arguments))
        case .formatted: return .string(try formatted(text, arguments.values, arguments))
        case .getBytes:
            try charge(text.utf8.count)
            guard text.utf8.count <= limits.elementsMax else { throw tooManyElements() }
            return .list(ListValue(text.utf8.map { .int(Int(Int8(bitPattern: $0))) }))
        case .codePointAt:
            let part = try part(of: text, arguments)
            guard case .string(let unit) = part, let from = unit.utf16.first else { return .null }
            let at = text.utf16.index(text.startIndex, offsetBy: try arguments.int(0))
            let scalar = at.samePosition(in: text.unicodeScalars).map { text.unicodeScalars[$0].value }
            return .int(Int(scalar ?? UInt32(from)))
        case .toCharArray:
            try charge(text.utf16.count)
            guard text.utf16.count <= limits.elementsMax else { throw tooManyElements() }
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
        case .startsWith:
            let wanted = try self.text(0, arguments)
            guard arguments.count > 1 else { return .bool(Bytes.hasPrefix(text, wanted)) }
            let from = try arguments.int(1)
            return .bool(JavaText.substring(text, from: from, to: nil).map { Bytes.hasPrefix($0, wanted) } ?? false)
        case .endsWith: return .bool(Bytes.hasSuffix(text, try self.text(0, arguments)))
        case .indexOf:
            let from = arguments.count > 1 ? try arguments.int(1) : 0
            return .int(JavaText.index(of: try wanted(arguments), in: text, from: from) ?? -1)
        case .lastIndexOf:
            let from = arguments.count > 1 ? try arguments.int(1) : Int.max
            return .int(JavaText.lastIndex(of: try wanted(arguments), in: text, from: from) ?? -1)
        case .equalsIgnoreCase: return .bool(text.lowercased() == (try self.text(0, arguments)).lowercased())
        case .compareTo: return .int(JavaText.compare(text, try self.text(0, arguments)))
        case .compareToIgnoreCase:
            return .int(JavaText.compare(text.lowercased(), (try self.text(0, arguments)).lowercased()))
        default: return .null
        }
    }

    /// What `indexOf` looks for: a whole number is the code of a character.
    private mutating func wanted(_ arguments: Arguments) throws(TemplateFailure) -> String {
        if case .int(let code) = try arguments.value(0), let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init)
        {
            return String(Character(scalar))
        }
        return try text(0, arguments)
    }

    /// `String.join`: the texts of a list, or of the arguments that follow.
    private mutating func joined(_ arguments: Arguments) throws(TemplateFailure) -> String {
        let separator = try text(0, arguments)
        var parts = Array(arguments.values.dropFirst())
        if parts.count == 1, case .list(let list) = parts[0] { parts = list.elements }
        var result = ""
        for (position, part) in parts.enumerated() {
            try charge(1)
            if position > 0 { result += separator }
            result += part.isNull ? "null" : try text(of: part)
            result = try bounded(result)
        }
        return result
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
            try charge(pattern.instructions.count / 4)
            var matcher = Matcher(
                pattern, text, stepsMax: limits.regexStepsMax, bytesMax: limits.outputBytesMax, time: time)
            let result: Value
            switch method {
            case .matches: result = .bool(try matcher.matchesAll())
            case .split:
                let limit = arguments.count > 1 ? try arguments.int(1) : 0
                let parts = try matcher.split(limit: limit)
                guard parts.count <= limits.elementsMax else { throw tooManyElements() }
                result = .list(ListValue(parts.map(Value.string)))
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
