/// The name of one object in plans, state and messages: `RestApi/petstore`, `Method/petstore GET /pets`.
///
/// The name starts with the `metadata.name` of the manifest, which has no blank; what a manifest expands to adds a
/// blank and its own key:
///
/// | Kind | Key after the manifest's name |
/// |---|---|
/// | `RestApi`, `Deployment` | none |
/// | `Resource` | path: `/pets/{petId}` |
/// | `Method` | method and path: `GET /pets/{petId}` |
/// | `Model`, `RequestValidator`, `Authorizer`, `Stage` | name |
/// | `GatewayResponse` | response type |
/// | `DocumentationPart` | type, path, method, status code, name, `-` where absent: `METHOD /pets GET - -` |
/// | `DocumentationVersion` | the version's name |
/// | `Alias` | name |
/// | `Permission` | statement id, behind the alias whose it is: `live gateway` |
package struct Address: Sendable, Hashable {
    package let kind: ResourceKind
    package let name: String

    package init(_ kind: ResourceKind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// The address of an object inside the manifest `root`.
    package init(_ kind: ResourceKind, in root: String, _ key: String) {
        self.init(kind, "\(root) \(key)")
    }

    /// Reads what ``description`` prints; nil when there is no `/` or a side of it is empty.
    package init?(text: String) {
        guard let slash = text.firstIndex(of: "/") else { return nil }
        let name = text[text.index(after: slash)...]
        guard slash != text.startIndex, !name.isEmpty else { return nil }
        self.init(ResourceKind(rawValue: String(text[..<slash])), String(name))
    }

    /// The `metadata.name` of the manifest it comes from.
    package var root: String { blank.map { String(name[..<$0]) } ?? name }

    /// What follows the manifest's name; empty for the manifest's own object.
    package var key: String { blank.map { String(name[name.utf8.index(after: $0)...]) } ?? "" }

    /// Looked for in the bytes: this runs for every object of every plan.
    private var blank: String.Index? { name.utf8.firstIndex(of: UInt8(ascii: " ")) }
}

extension Address {
    /// True for what ``displaced(besides:)`` gives.
    package var isDisplaced: Bool { name.hasSuffix(")") && name.contains(" (replaced") }

    /// True for what ``displaced(besides:)`` of `other` gives.
    package func isDisplaced(from other: Address) -> Bool {
        isDisplaced && kind == other.kind && name.hasPrefix("\(other.name) (replaced")
    }

    /// What an object is called from when another takes its place until it is deleted: the first of these names that is
    /// not in `taken`. No manifest makes such a name.
    package func displaced(besides taken: Set<Address>) -> Address {
        var address = Address(kind, "\(name) (replaced)")
        var number = 2
        while taken.contains(address) {
            address = Address(kind, "\(name) (replaced \(number))")
            number += 1
        }
        return address
    }
}

extension Address: CustomStringConvertible, Comparable {
    package var description: String { "\(kind)/\(name)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.kind, left.name) < (right.kind, right.name)
    }
}
