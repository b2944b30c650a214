/// One element of an XML document, with its namespaces.
package struct XMLElement: Sendable, Hashable {
    package struct Name: Sendable, Hashable {
        /// Empty for none.
        package let namespace: String
        package let local: String

        package init(namespace: String = "", local: String) {
            self.namespace = namespace
            self.local = local
        }
    }

    package struct Attribute: Sendable, Hashable {
        /// Empty for none.
        package let prefix: String
        package let name: Name
        package let value: String
    }

    package enum Node: Sendable, Hashable {
        case element(XMLElement)
        /// Without comments and with references replaced; never two beside each other.
        case text(String)
    }

    /// Its place among the elements of the document, in document order; 0 of one that was not read.
    package let number: Int
    /// Empty for none.
    package let prefix: String
    package let name: Name
    /// Without declarations of namespaces; no name is there twice.
    package let attributes: [Attribute]
    /// Every namespace that is in scope, by its prefix; the default one by the empty text.
    package let scope: [String: String]
    package let children: [Node]

    init(
        number: Int, prefix: String, name: Name, attributes: [Attribute], scope: [String: String], children: [Node]
    ) {
        self.number = number
        self.prefix = prefix
        self.name = name
        self.attributes = attributes
        self.scope = scope
        self.children = children
    }

    /// An empty element without a namespace.
    package init(_ name: String) {
        self.init(number: 0, prefix: "", name: Name(local: name), attributes: [], scope: [:], children: [])
    }

    /// In the order of the document.
    package var elements: [XMLElement] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// Its character data, white space and all; nil when there are elements in it.
    package var text: String? {
        var text = ""
        for child in children {
            guard case .text(let part) = child else { return nil }
            text += part
        }
        return text
    }

    /// ``text`` without the white space around it.
    package var trimmedText: String? {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        return text.map { text in
            String(decoding: text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed(), as: UTF8.self)
        }
    }

    /// It and all in it, in document order.
    package var all: [XMLElement] { [self] + elements.flatMap(\.all) }

    /// The child of that name, if there is exactly one.
    package func only(_ namespace: String, _ local: String) -> XMLElement? {
        let found = elements(namespace, local)
        return found.count == 1 ? found[0] : nil
    }

    package func elements(_ namespace: String, _ local: String) -> [XMLElement] {
        elements.filter { $0.name == Name(namespace: namespace, local: local) }
    }

    /// An attribute without a namespace.
    package func attribute(_ local: String) -> String? {
        attributes.first { $0.name == Name(local: local) }?.value
    }
}
