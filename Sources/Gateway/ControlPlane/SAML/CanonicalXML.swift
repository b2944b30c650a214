import XML

/// An element as the bytes that a signature is made of.
///
/// - Note: Source: Exclusive XML Canonicalization 1.0, without comments.
enum CanonicalXML {
    static let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"

    /// - Parameters:
    ///   - omitted: Number of an element that is left out: the signature within what it signs.
    ///   - prefixes: Prefixes whose namespaces are written where they are in scope, used or not.
    static func bytes(_ element: XMLElement, without omitted: Int? = nil, prefixes: Set<String> = []) -> [UInt8] {
        var text = ""
        write(element, rendered: [:], omitted, prefixes, &text)
        return Array(text.utf8)
    }

    private static func write(
        _ element: XMLElement, rendered: [String: String], _ omitted: Int?, _ prefixes: Set<String>,
        _ text: inout String
    ) {
        let name = element.prefix.isEmpty ? element.name.local : "\(element.prefix):\(element.name.local)"
        var rendered = rendered
        text += "<\(name)"
        var used = Set(element.attributes.map(\.prefix).filter { !$0.isEmpty })
        used.insert(element.prefix)
        used.formUnion(prefixes.filter { element.scope[$0] != nil })
        used.remove("xml")
        for prefix in used.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let namespace = element.scope[prefix] ?? ""
            guard (rendered[prefix] ?? "") != namespace else { continue }
            rendered[prefix] = namespace
            text += " xmlns\(prefix.isEmpty ? "" : ":")\(prefix)=\"\(escaped(namespace, isAttribute: true))\""
        }
        let attributes = element.attributes.sorted { left, right in
            left.name.namespace == right.name.namespace
                ? left.name.local.utf8.lexicographicallyPrecedes(right.name.local.utf8)
                : left.name.namespace.utf8.lexicographicallyPrecedes(right.name.namespace.utf8)
        }
        for attribute in attributes {
            let prefix = attribute.prefix.isEmpty ? "" : "\(attribute.prefix):"
            text += " \(prefix)\(attribute.name.local)=\"\(escaped(attribute.value, isAttribute: true))\""
        }
        text += ">"
        for child in element.children {
            switch child {
            case .text(let part): text += escaped(part, isAttribute: false)
            case .element(let inner):
                if inner.number != omitted { write(inner, rendered: rendered, omitted, prefixes, &text) }
            }
        }
        text += "</\(name)>"
    }

    private static func escaped(_ text: String, isAttribute: Bool) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">" where !isAttribute: result += "&gt;"
            case "\"" where isAttribute: result += "&quot;"
            case "\t" where isAttribute: result += "&#x9;"
            case "\n" where isAttribute: result += "&#xA;"
            case "\r": result += "&#xD;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
