package import JSON
package import Resources

/// The form of a record in the journal. Members are never renamed; a change of form is a new ``ApplyHeader/format``.
extension JournalRecord {
    /// One JSON object, its kind in the member `record`.
    package var json: JSONValue {
        switch self {
        case .began(let header): return header.json
        case .step(let step): return step.json
        case .turned(let cause):
            var object: JSONObject = ["record": "turned", "kind": .string(cause.kind.rawValue)]
            if let step = cause.step { object["step"] = JSONValue(integerLiteral: step) }
            object["failure"] = cause.failure.json
            return .object(object)
        case .ended(let ending):
            return ["record": "ended", "ending": .string(ending.rawValue)]
        }
    }

    /// - Throws: `journal.corrupt`, `journal.newer-format`.
    package init(json: JSONValue) throws(JournalFailure) {
        let reader = RecordReader(json)
        switch try reader.string("record") {
        case "began": self = .began(try ApplyHeader(reader))
        case "step": self = .step(try StepRecord(reader))
        case "turned":
            self = .turned(
                ApplyCause(
                    try reader.value("kind"), step: try reader.intOrNil("step"),
                    failure: try RecordedFailure(try reader.member("failure"))))
        case "ended": self = .ended(try reader.value("ending"))
        case let other: throw JournalFailure(.corrupt, "the journal has a record of the unknown kind `\(other)`")
        }
    }
}

extension StepRecord {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["record"] = "step"
        object["step"] = JSONValue(integerLiteral: number)
        object["event"] = .string(event.rawValue)
        if !identities.isEmpty { object["identities"] = identities.json }
        if let failure { object["failure"] = failure.json }
        if differs { object["differs"] = true }
        return .object(object)
    }

    fileprivate init(_ reader: RecordReader) throws(JournalFailure) {
        self.init(
            try reader.int("step"), try reader.value("event"),
            identities: try reader.memberOrNil("identities")?.identities() ?? [:],
            failure: try reader.memberOrNil("failure").map { (reader) throws(JournalFailure) in
                try RecordedFailure(reader)
            },
            differs: reader.json["differs"]?.bool ?? false)
    }
}

extension RecordedFailure {
    fileprivate var json: JSONValue { ["code": .string(code), "message": .string(message)] }

    fileprivate init(_ reader: RecordReader) throws(JournalFailure) {
        self.init(code: try reader.string("code"), message: try reader.string("message"))
    }
}

extension [Address: Identity?] {
    /// Sorted, so that equal records are equal bytes; null for what is gone.
    var json: JSONValue {
        .object(
            JSONObject(
                sorted { $0.key < $1.key }.map { address, identity in
                    (address.description, identity.map(\.json) ?? .null)
                }))
    }
}

extension Identity {
    /// The physical id alone where there are no attributes.
    package var json: JSONValue {
        guard !attributes.isEmpty else { return .string(physicalID) }
        let sorted = attributes.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        return ["id": .string(physicalID), "attributes": .object(JSONObject(sorted))]
    }

    /// - Throws: `journal.corrupt`.
    package init(json: JSONValue) throws(JournalFailure) {
        if let id = json.string {
            self.init(physicalID: id)
            return
        }
        let reader = RecordReader(json)
        var attributes: [String: String] = [:]
        for (name, value) in try reader.object("attributes") {
            guard let text = value.string else { throw reader.flaw("attributes") }
            attributes[name] = text
        }
        self.init(physicalID: try reader.string("id"), attributes: attributes)
    }
}
