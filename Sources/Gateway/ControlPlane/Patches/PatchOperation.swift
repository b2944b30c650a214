import JSON

/// One element of `patchOperations`.
struct PatchOperation: Sendable {
    enum Kind: String, Sendable { case add, remove, replace, move, copy, test }

    var kind: Kind
    /// As given, for messages.
    var path: String
    /// The path's parts, `~1` and `~0` undone.
    var parts: [String]
    var value: String?
    var from: String?

    static func all(of call: Call) throws(ServiceError) -> [Self] {
        let elements = call.body["patchOperations"]?.array ?? []
        guard elements.count <= Limits.patchOperationsMax else {
            throw .badRequest("Too many patch operations specified, can be at most \(Limits.patchOperationsMax)")
        }
        var operations: [Self] = []
        for element in elements {
            guard let kind = element["op"]?.string.flatMap(Kind.init(rawValue:)) else {
                throw .badRequest("Invalid patch operation specified")
            }
            let path = element["path"]?.string ?? ""
            operations.append(
                Self(
                    kind: kind, path: path, parts: Self.parts(of: path), value: element["value"]?.string,
                    from: element["from"]?.string))
        }
        return operations
    }

    static func parts(of path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { part in
            var text: [UInt8] = []
            var rest = part
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "~"), let next = rest.first,
                    next == UInt8(ascii: "0") || next == UInt8(ascii: "1")
                {
                    text.append(next == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                    rest.removeFirst()
                } else {
                    text.append(byte)
                }
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// `~` and `/` written so that ``parts(of:)`` gives the text back.
    static func escaped(_ part: String) -> String {
        var text: [UInt8] = []
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "~"): text += Array("~0".utf8)
            case UInt8(ascii: "/"): text += Array("~1".utf8)
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A missing value counts as false.
    func flag() throws(ServiceError) -> Bool {
        switch value?.lowercased() {
        case "true": true
        case "false", nil, "": false
        default: throw .badRequest("Invalid boolean value \(value ?? "") specified for path \(path)")
        }
    }

    func number() throws(ServiceError) -> Int {
        guard let value, let number = Int(value) else {
            throw .badRequest("Invalid number \(value ?? "null") specified for path \(path)")
        }
        return number
    }
}

// MARK: The two families of refusals

extension PatchOperation {
    /// For resources, models, request validators, documentation parts: only `replace` of these paths.
    func requireReplace(of paths: [String]) throws(ServiceError) {
        guard kind == .replace else {
            throw .badRequest(
                "Invalid patch path  '\(path)' specified for op '\(kind.rawValue)'. Please choose supported operations")
        }
        guard paths.contains(path) else {
            throw .badRequest(
                "Invalid patch path  '\(path)' specified for op 'replace'. Must be one of: [\(paths.joined(separator: ", "))]"
            )
        }
    }

    /// For APIs, methods, method responses and their like.
    var unknownPath: ServiceError { .badRequest("Invalid patch path \(path)") }

    func require(_ kinds: Kind...) throws(ServiceError) {
        guard !kinds.contains(kind) else { return }
        let names = kinds.map(\.rawValue).joined(separator: ", ")
        throw .badRequest("Invalid patch operation specified. Must be one of: [\(names)]")
    }

    /// Sets or drops the text member `name`: an empty or missing value, or `remove`, drops it.
    func setText(_ name: String, in document: inout JSONObject) throws(ServiceError) {
        try require(.replace, .add, .remove)
        let text = kind == .remove ? nil : value
        document[name] = text.flatMap { $0.isEmpty ? JSONValue?.none : .string($0) }
    }

    /// `add`, `replace` or `remove` of one entry of the map that is the member `name`.
    ///
    /// - Parameter absent: Told when an entry that must be there is not.
    func setEntry(
        _ key: String, of name: String, in document: inout JSONObject, to new: JSONValue, absent: ServiceError
    ) throws(ServiceError) {
        try require(.add, .replace, .remove)
        let kind = kind
        try document.edit(name) { (map) throws(ServiceError) in
            guard kind == .add || map[key] != nil else { throw absent }
            map[key] = kind == .remove ? JSONValue?.none : new
        }
    }
}
