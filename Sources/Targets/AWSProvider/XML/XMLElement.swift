/// One element of a reply in XML, as the Query services (IAM, STS) answer.
///
/// Attributes, comments and processing instructions say nothing there and are dropped; so is the prefix of a name.
package struct XMLElement: Sendable, Hashable {
    package let name: String
    /// In the order of the document.
    package let children: [XMLElement]
    /// Its own character data, entities replaced; without that between children.
    package let text: String

    package init(_ name: String, children: [XMLElement] = [], text: String = "") {
        self.name = name
        self.children = children
        self.text = text
    }

    /// The first child of this name.
    package subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The text of the first child of this name; nil where there is none.
    package func text(_ name: String) -> String? { self[name]?.text }

    /// The `member`s of the first child of this name: how the Query services write lists.
    package func members(_ name: String) -> [XMLElement] {
        self[name]?.children.filter { $0.name == "member" } ?? []
    }

    /// The first element of this name: this one, or the first below it in the order of the document.
    package func first(_ name: String) -> XMLElement? {
        if self.name == name { return self }
        for child in children {
            if let found = child.first(name) { return found }
        }
        return nil
    }
}
