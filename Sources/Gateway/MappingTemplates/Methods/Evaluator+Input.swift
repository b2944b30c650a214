import Bytes
import JSON

extension Evaluator {
    mutating func callInput(_ method: Method, _ arguments: Arguments) throws(TemplateFailure) -> Value {
        switch method {
        case .path: return try inputPath(try path(arguments))
        case .json: return try inputJSON(try path(arguments))
        case .params: return arguments.count == 0 ? params() : .string(param(try text(0, arguments)))
        default: return .null
        }
    }

    private mutating func path(_ arguments: Arguments) throws(TemplateFailure) -> JSONPath {
        let text = try text(0, arguments)
        try charge(1 + text.utf8.count)
        do throws(TemplateFailure) { return try JSONPath(parsing: text) } catch {
            throw TemplateFailure(error.code, error.message, at: place)
        }
    }

    mutating func inputPath(_ path: JSONPath) throws(TemplateFailure) -> Value {
        try evaluate(path).map(Value.init) ?? .null
    }

    /// What is not there gives `""`, quotes included.
    mutating func inputJSON(_ path: JSONPath) throws(TemplateFailure) -> Value {
        let text = try evaluate(path)?.text(.compact) ?? "\"\""
        try charge(1 + text.utf8.count / 64)
        return .string(text)
    }

    private mutating func evaluate(_ path: JSONPath) throws(TemplateFailure) -> JSONValue? {
        let body = try bodyJSON()
        var evaluator = PathEvaluator(
            root: body, stepsMax: min(TemplateLimits.pathStepsMax, stepsLeft * Self.pathStepsPerStep), time: time)
        do throws(TemplateFailure) {
            let value = try evaluator.value(of: path, on: body)
            time = evaluator.time
            try charge(evaluator.steps / Self.pathStepsPerStep)
            return value
        } catch {
            throw TemplateFailure(error.code, error.message, at: place)
        }
    }

    /// What a path visits costs less than a directive.
    private static let pathStepsPerStep = 4

    /// Looks in the path, the query and the headers, in this order; of repeats the last counts.
    private func param(_ name: String) -> String {
        input.pathParameters.last { $0.name == name }?.value
            ?? input.queryParameters.last { $0.name == name }?.value
            ?? input.headers.last { $0.name == name }?.value
            ?? input.headers.last { $0.name.lowercased() == name.lowercased() }?.value ?? ""
    }

    private func params() -> Value {
        func map(_ pairs: [(name: String, value: String)]) -> Value {
            let map = MapValue()
            for pair in pairs { map.set(pair.name, .string(pair.value)) }
            return .map(map)
        }
        let params = MapValue()
        params.set("path", map(input.pathParameters))
        params.set("querystring", map(input.queryParameters))
        params.set("header", map(input.headers))
        return .map(params)
    }

    mutating func callUtil(_ method: Method, _ arguments: Arguments) throws(TemplateFailure) -> Value {
        let name = method.rawValue
        switch method {
        case .base64Decode, .base64Encode, .escapeJavaScript, .parseJson, .urlDecode, .urlEncode: break
        default: return .null
        }
        guard !(try arguments.value(0).isNull) else { return .null }
        let text = try text(0, arguments)
        try charge(1 + text.utf8.count / 32)
        func decoded(_ result: String?) throws(TemplateFailure) -> Value {
            guard let result else {
                throw TemplateFailure(.badArgument, "`\(name)` got a text of another encoding", at: arguments.place)
            }
            return .string(result)
        }
        switch method {
        case .base64Decode:
            return try decoded(Base64.decoded(text, .lenient).map { String(decoding: $0, as: UTF8.self) })
        case .base64Encode: return .string(try bounded(Base64.text(of: Array(text.utf8))))
        case .escapeJavaScript: return .string(try bounded(Encoding.escapeJavaScript(text)))
        case .urlDecode: return try decoded(Encoding.urlDecode(text))
        case .urlEncode: return .string(try bounded(Encoding.urlEncode(text)))
        default: return Value(try json(parsing: text, what: "the argument of `parseJson`"))
        }
    }
}
