/// Members in the order they were written, each name once.
package struct JSONObject: Sendable {
    package struct Member: Sendable {
        package var name: String
        package var value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member]
    /// Positions by name, kept only past ``indexedFrom`` members: a scan is quicker below.
    private var positions: [String: Int]

    private static let indexedFrom = 12

    package init() {
        members = []
        positions = [:]
    }

    /// A later member of the same name takes the place of the earlier one.
    package init(_ members: [(String, JSONValue)]) {
        self.init()
        self.members.reserveCapacity(members.count)
        for (name, value) in members { self[name] = value }
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var names: [String] { members.map(\.name) }

    /// Reading gives nil for a name that is not there (a JSON null is `.null`); writing nil removes the member.
    package subscript(name: String) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            switch (position(of: name), newValue) {
            case (let position?, let value?): members[position].value = value
            case (nil, let value?):
                members.append(Member(name: name, value: value))
                if members.count == Self.indexedFrom {
                    for (position, member) in members.enumerated() { positions[member.name] = position }
                } else if members.count > Self.indexedFrom {
                    positions[name] = members.count - 1
                }
            case (let position?, nil):
                members.remove(at: position)
                positions = [:]
                if members.count >= Self.indexedFrom {
                    for (position, member) in members.enumerated() { positions[member.name] = position }
                }
            case (nil, nil): break
            }
        }
    }

    private func position(of name: String) -> Int? {
        members.count < Self.indexedFrom ? members.firstIndex { $0.name == name } : positions[name]
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> AnyIterator<(name: String, value: JSONValue)> {
        var rest = members.makeIterator()
        return AnyIterator { rest.next().map { ($0.name, $0.value) } }
    }
}

extension JSONObject: Hashable {
    /// The order of the members does not matter.
    package static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.name] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var one = Hasher()
            one.combine(member.name)
            one.combine(member.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
