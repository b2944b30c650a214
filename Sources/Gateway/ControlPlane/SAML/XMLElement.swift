/// One element of an XML document, with its namespaces.
struct XMLElement: Sendable {
    struct Name: Sendable, Hashable {
        /// Empty for none.
        var namespace: String
        var local: String
    }

    struct Attribute: Sendable {
        /// Empty for none.
        var prefix: String
        var name: Name
        var value: String
    }

    enum Node: Sendable {
        case element(XMLElement)
        /// Without comments and with references replaced; never two beside each other.
        case text(String)
    }

    /// Its place among the elements of the document, in document order.
    let number: Int
    var prefix: String
    var name: Name
    /// Without declarations of namespaces; no name is there twice.
    var attributes: [Attribute]
    /// Every namespace that is in scope, by its prefix; the default one by the empty text.
    var scope: [String: String]
    var children: [Node]

    var elements: [XMLElement] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    func elements(_ namespace: String, _ local: String) -> [XMLElement] {
        elements.filter { $0.name == Name(namespace: namespace, local: local) }
    }

    /// The child of that name, if there is exactly one.
    func only(_ namespace: String, _ local: String) -> XMLElement? {
        let found = elements(namespace, local)
        return found.count == 1 ? found[0] : nil
    }

    /// An attribute without a namespace.
    func attribute(_ local: String) -> String? {
        attributes.first { $0.name == Name(namespace: "", local: local) }?.value
    }

    /// What is written in it, without white space around; nil when there are elements in it.
    var text: String? {
        var text = ""
        for child in children {
            guard case .text(let part) = child else { return nil }
            text += part
        }
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        let rest = text.utf8.drop(while: isBlank)
        return String(decoding: rest.reversed().drop(while: isBlank).reversed(), as: UTF8.self)
    }

    /// It and all in it, in document order.
    var all: [XMLElement] { [self] + elements.flatMap(\.all) }
}
