/// Header fields in the order and with the casing as sent: bytes in one block, so that passing them on costs no text.
///
/// Values may hold any byte but CR, LF and NUL; as text they are read as UTF-8 with bad sequences repaired.
package struct HeaderFields: Sendable {
    struct Field {
        var nameStart: Int32
        var nameEnd: Int32
        var valueStart: Int32
        var valueEnd: Int32
        var known: KnownHeader
    }

    private(set) var storage: [UInt8]
    private(set) var fields: [Field]

    package init() {
        storage = []
        fields = []
    }

    package init(_ pairs: [(name: String, value: String)]) {
        self.init()
        for pair in pairs { append(pair.name, pair.value) }
    }

    /// For parsers: `fields` hold positions in `storage`.
    init(storage: [UInt8], fields: [Field]) {
        self.storage = storage
        self.fields = fields
    }

    package var count: Int { fields.count }
    package var isEmpty: Bool { fields.isEmpty }

    mutating func reserve(bytes: Int, fields count: Int) {
        storage.reserveCapacity(bytes)
        fields.reserveCapacity(count)
    }

    package mutating func append(_ name: String, _ value: String) {
        let nameStart = Int32(storage.count)
        storage.append(contentsOf: name.utf8)
        let nameEnd = Int32(storage.count)
        storage.append(contentsOf: value.utf8)
        fields.append(
            Field(
                nameStart: nameStart, nameEnd: nameEnd, valueStart: nameEnd, valueEnd: Int32(storage.count),
                known: KnownHeader(name)))
    }

    /// Appends a field of another list; `prefix` is set before its name.
    mutating func append(_ field: Field, of other: HeaderFields, prefix: String = "") {
        let nameStart = Int32(storage.count)
        storage.append(contentsOf: prefix.utf8)
        storage.append(contentsOf: other.storage[Int(field.nameStart)..<Int(field.nameEnd)])
        let nameEnd = Int32(storage.count)
        storage.append(contentsOf: other.storage[Int(field.valueStart)..<Int(field.valueEnd)])
        fields.append(
            Field(
                nameStart: nameStart, nameEnd: nameEnd, valueStart: nameEnd, valueEnd: Int32(storage.count),
                known: prefix.isEmpty ? field.known : .other))
    }

    /// Takes out every field of that name, in any casing.
    package mutating func remove(_ name: String) {
        let known = KnownHeader(name)
        let lowercased = Array(name.utf8.map(lowercasedASCII))
        let kept = fields.filter { !isNamed($0, known, lowercased) }
        if kept.count < fields.count { fields = kept }
    }

    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        append(name, value)
    }

    package subscript(position: Int) -> (name: String, value: String) {
        (name(of: fields[position]), value(of: fields[position]))
    }

    package var all: [(name: String, value: String)] { fields.map { (name(of: $0), value(of: $0)) } }

    /// The first value under that name, in any casing.
    package func first(_ name: String) -> String? { field(name).map(value(of:)) }
    /// All values under that name, in any casing, in order.
    package func values(_ name: String) -> [String] {
        let known = KnownHeader(name)
        let lowercased = Array(name.utf8.map(lowercasedASCII))
        return fields.filter { isNamed($0, known, lowercased) }.map(value(of:))
    }
    /// The last value under that name, in any casing: what a single-valued view of the headers shows.
    package func last(_ name: String) -> String? {
        let known = KnownHeader(name)
        let lowercased = Array(name.utf8.map(lowercasedASCII))
        return fields.last { isNamed($0, known, lowercased) }.map(value(of:))
    }
    package func contains(_ name: String) -> Bool { field(name) != nil }

    package func first(_ known: KnownHeader) -> String? {
        for field in fields where field.known == known { return value(of: field) }
        return nil
    }
    package func contains(_ known: KnownHeader) -> Bool { fields.contains { $0.known == known } }

    private func field(_ name: String) -> Field? {
        let known = KnownHeader(name)
        guard known == .other else { return fields.first { $0.known == known } }
        let lowercased = Array(name.utf8.map(lowercasedASCII))
        return fields.first { isNamed($0, known, lowercased) }
    }

    private func isNamed(_ field: Field, _ known: KnownHeader, _ lowercased: [UInt8]) -> Bool {
        guard known == .other else { return field.known == known }
        guard field.known == .other, Int(field.nameEnd - field.nameStart) == lowercased.count else { return false }
        return storage.withUnsafeBufferPointer {
            equalsIgnoringCase(
                UnsafeBufferPointer(rebasing: $0[Int(field.nameStart)..<Int(field.nameEnd)]), lowercased)
        }
    }

    func name(of field: Field) -> String {
        String(decoding: storage[Int(field.nameStart)..<Int(field.nameEnd)], as: UTF8.self)
    }
    func value(of field: Field) -> String {
        String(decoding: storage[Int(field.valueStart)..<Int(field.valueEnd)], as: UTF8.self)
    }
}

extension HeaderFields: Equatable {
    package static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && zip(left.all, right.all).allSatisfy { $0 == $1 }
    }
}

extension HeaderFields: CustomStringConvertible {
    package var description: String { all.map { "\($0.name): \($0.value)" }.joined(separator: "\n") }
}
