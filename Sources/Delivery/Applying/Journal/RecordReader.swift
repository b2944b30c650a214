import JSON
import Resources

/// Reads the members of a stored record; what is missing or of another type is a corrupt journal.
struct RecordReader {
    let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    func string(_ name: String) throws(JournalFailure) -> String {
        guard let text = json[name]?.string else { throw flaw(name) }
        return text
    }

    func int(_ name: String) throws(JournalFailure) -> Int {
        guard let number = json[name]?.int else { throw flaw(name) }
        return number
    }

    func intOrNil(_ name: String) throws(JournalFailure) -> Int? {
        json[name] == nil ? nil : try int(name)
    }

    func array(_ name: String) throws(JournalFailure) -> [JSONValue] {
        guard let elements = json[name]?.array else { throw flaw(name) }
        return elements
    }

    func object(_ name: String) throws(JournalFailure) -> JSONObject {
        guard let object = json[name]?.object else { throw flaw(name) }
        return object
    }

    func member(_ name: String) throws(JournalFailure) -> RecordReader {
        guard let member = memberOrNil(name) else { throw flaw(name) }
        return member
    }

    func memberOrNil(_ name: String) -> RecordReader? { json[name].map(RecordReader.init) }

    /// One of the raw values of an enum.
    func value<Value: RawRepresentable<String>>(_ name: String) throws(JournalFailure) -> Value {
        let text = try string(name)
        guard let value = Value(rawValue: text) else {
            throw JournalFailure(.corrupt, "a journal record has the unknown `\(name)` `\(text)`")
        }
        return value
    }

    /// Reads this object as identities by address.
    func identities() throws(JournalFailure) -> [Address: Identity?] {
        guard let object = json.object else { throw flaw("identities") }
        var identities: [Address: Identity?] = [:]
        for (name, value) in object {
            identities[try Address(recorded: name)] = value.isNull ? .some(nil) : try Identity(json: value)
        }
        return identities
    }

    func flaw(_ name: String) -> JournalFailure {
        JournalFailure(.corrupt, "a journal record has no usable member `\(name)`")
    }
}
