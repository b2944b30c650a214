import JSON
import Resources

/// One value of a plan file, with its path for messages.
struct PlanFileReader {
    let value: JSONValue
    let path: String

    func member(_ name: String) throws(PlanningFailure) -> PlanFileReader {
        guard let member = try optional(name) else {
            throw PlanningFailure(.fileIncomplete, "the plan file has no `\(path)/\(name)`")
        }
        return member
    }

    func optional(_ name: String) throws(PlanningFailure) -> PlanFileReader? {
        guard case .object(let object) = value else { throw wrong("an object") }
        return object[name].map { PlanFileReader(value: $0, path: "\(path)/\(name)") }
    }

    func list<Item>(
        _ name: String, _ item: (PlanFileReader) throws(PlanningFailure) -> Item
    ) throws(PlanningFailure) -> [Item] {
        let list = try member(name)
        guard case .array(let elements) = list.value else { throw list.wrong("a list") }
        var items: [Item] = []
        items.reserveCapacity(elements.count)
        for (position, element) in elements.enumerated() {
            items.append(try item(PlanFileReader(value: element, path: "\(list.path)/\(position)")))
        }
        return items
    }

    func text() throws(PlanningFailure) -> String {
        guard case .string(let text) = value else { throw wrong("a text") }
        return text
    }

    func text(_ name: String) throws(PlanningFailure) -> String { try member(name).text() }

    func int(_ name: String) throws(PlanningFailure) -> Int {
        let member = try member(name)
        guard let number = member.value.int, number >= 0 else { throw member.wrong("a whole number from 0") }
        return number
    }

    func bool(_ name: String) throws(PlanningFailure) -> Bool {
        let member = try member(name)
        guard let bool = member.value.bool else { throw member.wrong("true or false") }
        return bool
    }

    func choice<Choice: RawRepresentable>(_ name: String) throws(PlanningFailure) -> Choice
    where Choice.RawValue == String {
        let member = try member(name)
        guard let choice = Choice(rawValue: try member.text()) else {
            throw member.wrong("one of its words, not `\(try member.text())`")
        }
        return choice
    }

    func address() throws(PlanningFailure) -> Address {
        guard let address = Address(text: try text()) else { throw wrong("an address such as `RestApi/petstore`") }
        return address
    }

    func wrong(_ expected: String) -> PlanningFailure {
        PlanningFailure(.fileIncomplete, "`\(path.isEmpty ? "/" : path)` of the plan file must be \(expected)")
    }
}
