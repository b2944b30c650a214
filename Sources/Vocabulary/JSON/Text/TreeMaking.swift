/// What the scanner makes of a text: the same scanner makes plain values and nodes with places.
///
/// Places are asked for in the order of the text.
protocol TreeMaking {
    associatedtype Tree
    associatedtype Place
    associatedtype Members

    mutating func place(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Place
    func null(at place: Place) -> Tree
    func bool(_ value: Bool, at place: Place) -> Tree
    func number(_ text: String, at place: Place) -> Tree
    func string(_ text: String, at place: Place) -> Tree
    func array(_ elements: [Tree], at place: Place) -> Tree
    func object(_ members: Members, at place: Place) -> Tree

    func noMembers() -> Members
    /// False if there is a member of this name already.
    func admits(_ name: String, to members: Members) -> Bool
    /// Called for a name that is there already; a maker that goes on ignores the member.
    mutating func refuse(_ name: String, at place: Place, from start: Int, to end: Int) throws(ScanFault)
    func append(_ name: String, at place: Place, _ value: Tree, to members: inout Members)
}

/// Makes ``JSONValue``s; the first duplicate name ends it.
struct ValueMaking: TreeMaking {
    func place(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {}
    func null(at place: Void) -> JSONValue { .null }
    func bool(_ value: Bool, at place: Void) -> JSONValue { .bool(value) }
    func number(_ text: String, at place: Void) -> JSONValue { .number(JSONNumber(text: text)) }
    func string(_ text: String, at place: Void) -> JSONValue { .string(text) }
    func array(_ elements: [JSONValue], at place: Void) -> JSONValue { .array(elements) }
    func object(_ members: JSONObject, at place: Void) -> JSONValue { .object(members) }

    func noMembers() -> JSONObject { JSONObject() }
    func admits(_ name: String, to members: JSONObject) -> Bool { !members.contains(name) }
    func refuse(_ name: String, at place: Void, from start: Int, to end: Int) throws(ScanFault) {
        throw ScanFault.duplicate(name, from: start, to: end)
    }
    func append(_ name: String, at place: Void, _ value: JSONValue, to members: inout JSONObject) {
        members.append(unique: name, value)
    }
}

extension ScanFault {
    static func duplicate(_ name: String, from start: Int, to end: Int) -> ScanFault {
        ScanFault(
            .duplicateName, "the object has two members named `\(name)`", at: start, to: end,
            remedy: "remove or rename one of them")
    }
}
