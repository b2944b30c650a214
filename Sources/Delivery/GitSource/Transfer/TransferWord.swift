import JSON

/// What a transferring child says: one JSON document a line.
package enum TransferWord: Sendable, Equatable {
    /// So much came; also a sign of life.
    case progress(objects: Int, bytes: Int)
    /// All came; `default` is the branch at the remote's HEAD, if it has one.
    case done(default: String?)
    case failed(GitFailure)

    /// - Returns: Nil for what is no word.
    init?(line: String) {
        let json: JSONValue
        do { json = try JSONValue(parsing: line) } catch { return nil }
        if let objects = json["objects"]?.int, let bytes = json["bytes"]?.int {
            self = .progress(objects: objects, bytes: bytes)
        } else if let done = json["done"] {
            self = .done(default: done["default"]?.string)
        } else if let code = json["code"]?.string.flatMap(GitFailure.Code.init(rawValue:)),
            let message = json["message"]?.string
        {
            self = .failed(GitFailure(code, message))
        } else {
            return nil
        }
    }

    /// Without a line break.
    package var line: String {
        let json: JSONValue =
            switch self {
            case .progress(let objects, let bytes):
                ["objects": .number(JSONNumber(objects)), "bytes": .number(JSONNumber(bytes))]
            case .done(let name): ["done": name.map { ["default": .string($0)] } ?? [:]]
            case .failed(let failure):
                ["code": .string(failure.code.rawValue), "message": .string(failure.message)]
            }
        return json.text(.compact)
    }
}
