package import XML

/// Replies of the Query services (IAM, STS), where the local name says everything: namespaces and attributes do not count.
extension XMLElement {
    /// - Throws: ``XMLProblem`` for anything but one well-formed document within the limits.
    static func reply(_ bytes: [UInt8]) throws(XMLProblem) -> XMLElement {
        try XMLReader.read(
            bytes,
            XMLRules(
                bytesMax: Limits.replyBytesMax, elementsMax: Limits.xmlElementsMax, depthMax: Limits.xmlDepthMax,
                takesInstructions: true))
    }

    /// The first child of this name.
    package subscript(_ name: String) -> XMLElement? {
        for case .element(let child) in children where child.name.local == name { return child }
        return nil
    }

    /// The text of the first child of this name, empty where there are elements in it; nil where there is none.
    package func text(_ name: String) -> String? { self[name].map { $0.text ?? "" } }

    /// The `member`s of the first child of this name: how the Query services write lists.
    package func members(_ name: String) -> [XMLElement] {
        self[name]?.elements.filter { $0.name.local == "member" } ?? []
    }

    /// The first element of this name: this one, or the first below it in the order of the document.
    package func first(_ name: String) -> XMLElement? {
        if self.name.local == name { return self }
        for child in elements {
            if let found = child.first(name) { return found }
        }
        return nil
    }
}
