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
    private var positions: [ExactName: Int]

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
                append(unique: name, value)
            case (let position?, nil):
                members.remove(at: position)
                positions = [:]
                if members.count >= Self.indexedFrom { index() }
            case (nil, nil): break
            }
        }
    }

    private func position(of name: String) -> Int? {
        members.count < Self.indexedFrom
            ? members.firstIndex { $0.name.isExactly(name) } : positions[ExactName(name)]
    }

    package func contains(_ name: String) -> Bool { position(of: name) != nil }

    /// - Precondition: no member has this name; whoever calls has looked.
    mutating func append(unique name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
        if members.count == Self.indexedFrom {
            index()
        } else if members.count > Self.indexedFrom {
            positions[ExactName(name)] = members.count - 1
        }
    }

    private mutating func index() {
        for (position, member) in members.enumerated() { positions[ExactName(member.name)] = position }
    }

    /// In the order of the UTF-8 bytes of the names.
    var membersByName: [Member] {
        let precedes = { (left: Member, right: Member) in left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
        let isSorted = zip(members, members.dropFirst()).allSatisfy { precedes($0, $1) }
        return isSorted ? members : members.sorted(by: precedes)
    }
}

extension JSONObject: Sequence {
    package struct Iterator: IteratorProtocol {
        fileprivate var rest: IndexingIterator<[Member]>

        package mutating func next() -> (name: String, value: JSONValue)? {
            rest.next().map { ($0.name, $0.value) }
        }
    }

    package func makeIterator() -> Iterator { Iterator(rest: members.makeIterator()) }
}

extension JSONObject: Hashable {
    /// The order of the members does not matter.
    package static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        for (position, member) in left.members.enumerated() {
            let same = right.members[position]
            let other = same.name.isExactly(member.name) ? same.value : right[member.name]
            guard other == member.value else { return false }
        }
        return true
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
