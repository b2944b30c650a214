package import JSON
import Planning
package import Resources

extension ApplyHeader {
    var json: JSONValue {
        var object = JSONObject()
        object["record"] = "began"
        object["format"] = .string(Self.format)
        object["apply"] = .string(id.rawValue)
        object["environment"] = .string(environment)
        object["commit"] = .string(commit)
        object["planDigest"] = .string(planDigest)
        object["target"] = target
        object["parallelism"] = JSONValue(integerLiteral: parallelism)
        object["onFailure"] = .string(onFailure.rawValue)
        object["steps"] = .array(zip(steps, stages).map { step, stage in step.json(stage: stage) })
        if !gates.isEmpty { object["gates"] = .array(gates.map(\.json)) }
        object["identities"] = identities.mapValues { Optional($0) }.json
        object["recorded"] = .array(recorded.sorted { $0.key < $1.key }.map(\.value.json))
        object["dependencies"] = .object(
            JSONObject(
                dependencies.sorted { $0.key < $1.key }.map { ($0.key.description, JSONValue(addresses: $0.value)) }))
        object["recordings"] = .array(recordings.map(\.json))
        if !taken.isEmpty { object["taken"] = JSONValue(addresses: taken) }
        object["roots"] = .array(roots.sorted().map { .string($0) })
        object["observed"] = .object(
            JSONObject(observed.documents.sorted { $0.key < $1.key }.map { ($0.key.description, .string($0.value)) }))
        return .object(object)
    }

    init(_ reader: RecordReader) throws(JournalFailure) {
        let format = try reader.string("format")
        guard format == Self.format else {
            throw JournalFailure(
                .newerFormat, "the journal is in the form `\(format)`, this gatewright knows `\(Self.format)`")
        }
        var steps: [Step] = []
        var stages: [Int] = []
        for json in try reader.array("steps") {
            let step = RecordReader(json)
            steps.append(try Step(step))
            stages.append(try step.int("stage"))
        }
        var gates: [ApplyGate] = []
        // A journal of a version that waited for nothing has none.
        for json in reader.json["gates"]?.array ?? [] { gates.append(try ApplyGate(RecordReader(json))) }
        var recorded: [Address: RecordedObject] = [:]
        for json in try reader.array("recorded") {
            let object = try RecordedObject(json: json)
            recorded[object.address] = object
        }
        var dependencies: [Address: [Address]] = [:]
        for (name, value) in try reader.object("dependencies") {
            dependencies[try Address(recorded: name)] = try value.addresses()
        }
        var observed: [Address: String] = [:]
        for (name, value) in try reader.object("observed") {
            guard let hash = value.string else { throw reader.flaw("observed") }
            observed[try Address(recorded: name)] = hash
        }
        var recordings: [StateChange] = []
        for json in try reader.array("recordings") { recordings.append(try StateChange(json: json)) }
        var roots: Set<String> = []
        for root in try reader.array("roots") {
            guard let root = root.string else { throw reader.flaw("roots") }
            roots.insert(root)
        }
        self.init(
            id: ApplyID(rawValue: try reader.string("apply")), environment: try reader.string("environment"),
            commit: try reader.string("commit"), planDigest: try reader.string("planDigest"),
            target: try reader.member("target").json, parallelism: try reader.int("parallelism"),
            onFailure: try reader.value("onFailure"), steps: steps, stages: stages, gates: gates,
            identities: try reader.member("identities").identities().compactMapValues { $0 }, recorded: recorded,
            dependencies: dependencies, recordings: recordings, roots: roots, observed: TargetHash(observed))
        taken = try reader.json["taken"]?.addresses() ?? []
    }
}

extension Step {
    fileprivate func json(stage: Int) -> JSONValue {
        var object = JSONObject()
        object["step"] = JSONValue(integerLiteral: number)
        object["stage"] = JSONValue(integerLiteral: stage)
        object["operation"] = .string(operation)
        object["dependencies"] = .array(dependencies.map { JSONValue(integerLiteral: $0) })
        object["reversible"] = .bool(isReversible)
        object["effects"] = .array(
            effects.map { effect in
                var object: JSONObject = ["address": .string(effect.address.description)]
                object["before"] = effect.before
                object["after"] = effect.after
                return .object(object)
            })
        return .object(object)
    }

    fileprivate init(_ reader: RecordReader) throws(JournalFailure) {
        var effects: [Effect] = []
        for json in try reader.array("effects") {
            let effect = RecordReader(json)
            // An absent member is an absent object; a JSON null is a document.
            effects.append(
                Effect(
                    try Address(recorded: try effect.string("address")), before: json["before"], after: json["after"]))
        }
        var dependencies: [Int] = []
        for json in try reader.array("dependencies") {
            guard let number = json.int else { throw reader.flaw("dependencies") }
            dependencies.append(number)
        }
        guard let isReversible = reader.json["reversible"]?.bool else { throw reader.flaw("reversible") }
        self.init(
            number: try reader.int("step"), operation: try reader.string("operation"), effects: effects,
            dependencies: dependencies, isReversible: isReversible)
    }
}

extension ApplyGate {
    fileprivate var json: JSONValue {
        var object: JSONObject = ["after": JSONValue(integerLiteral: after)]
        switch wait {
        case .probe: object["wait"] = "probe"
        case .propagation(let time):
            object["wait"] = "propagation"
            object["milliseconds"] = JSONValue(integerLiteral: Int(time / .milliseconds(1)))
        }
        return .object(object)
    }

    fileprivate init(_ reader: RecordReader) throws(JournalFailure) {
        let after = try reader.int("after")
        switch try reader.string("wait") {
        case "probe": self.init(after: after, .probe)
        case "propagation": self.init(after: after, .propagation(.milliseconds(try reader.int("milliseconds"))))
        default: throw reader.flaw("wait")
        }
    }
}

extension RecordedObject {
    fileprivate var json: JSONValue {
        [
            "address": .string(address.description), "identity": identity.json, "document": document,
            "dependencies": JSONValue(addresses: dependencies),
        ]
    }

    fileprivate init(json: JSONValue) throws(JournalFailure) {
        let reader = RecordReader(json)
        self.init(
            address: try Address(recorded: try reader.string("address")),
            identity: try Identity(json: try reader.member("identity").json),
            document: try reader.member("document").json,
            dependencies: try reader.member("dependencies").json.addresses())
    }
}

extension StateChange {
    fileprivate var json: JSONValue {
        switch self {
        case .record(let object): ["record": object.json]
        case .remove(let address): ["remove": .string(address.description)]
        case .doubt(let address, let reason): ["doubt": .string(address.description), "reason": .string(reason)]
        }
    }

    fileprivate init(json: JSONValue) throws(JournalFailure) {
        let reader = RecordReader(json)
        if let object = json["record"] {
            self = .record(try RecordedObject(json: object))
        } else if let address = json["remove"]?.string {
            self = .remove(try Address(recorded: address))
        } else {
            self = .doubt(try Address(recorded: try reader.string("doubt")), reason: try reader.string("reason"))
        }
    }
}

extension JSONValue {
    /// A list of addresses as text.
    package init(addresses: [Address]) { self = .array(addresses.map { .string($0.description) }) }

    /// Reads what ``init(addresses:)`` gives.
    ///
    /// - Throws: `journal.corrupt`.
    package func addresses() throws(JournalFailure) -> [Address] {
        guard let array else { throw JournalFailure(.corrupt, "a list of addresses is none") }
        var addresses: [Address] = []
        for element in array {
            guard let text = element.string else { throw JournalFailure(.corrupt, "an address is no text") }
            addresses.append(try Address(recorded: text))
        }
        return addresses
    }
}

extension Address {
    /// Reads an address that was stored.
    ///
    /// - Throws: `journal.corrupt`.
    package init(recorded text: String) throws(JournalFailure) {
        guard let address = Address(text: text) else {
            throw JournalFailure(.corrupt, "`\(text)` is no address")
        }
        self = address
    }
}
