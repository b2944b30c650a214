package import JSON

/// `${Kind/name.attribute}` in a string of a document.
package struct SymbolicReference: Sendable, Hashable {
    package let address: Address
    package let attribute: String

    package init(address: Address, attribute: String) {
        self.address = address
        self.attribute = attribute
    }

    /// The text between `${` and `}`; nil when it is not of this form, so that IAM policy variables and stage variables
    /// are left alone. A kind starts with a capital letter; the attribute is what follows the last dot. An alias is named
    /// behind its function: `Function/hello.aliases.live.arn`.
    package init?(text: Substring) {
        guard let slash = text.firstIndex(of: "/"), let dot = text.lastIndex(of: "."), slash < dot,
            let first = text.first, first.isUppercase, text[..<slash].allSatisfy({ $0.isLetter || $0.isNumber })
        else { return nil }
        let name = text[text.index(after: slash)..<dot]
        let attribute = text[text.index(after: dot)...]
        guard !name.isEmpty, !attribute.isEmpty, attribute.allSatisfy({ $0.isLetter || $0.isNumber }) else {
            return nil
        }
        let kind = ResourceKind(rawValue: String(text[..<slash]))
        if kind == .function, let infix = name.firstRange(of: Self.aliasInfix), infix.upperBound < name.endIndex {
            let alias = Address(.alias, in: String(name[..<infix.lowerBound]), String(name[infix.upperBound...]))
            self.init(address: alias, attribute: String(attribute))
        } else {
            self.init(address: Address(kind, String(name)), attribute: String(attribute))
        }
    }

    private static let aliasInfix = ".aliases."

    /// How references name an object: its address, or its place in the manifest of its function.
    package static func text(of address: Address) -> String {
        address.kind == .alias && !address.key.isEmpty
            ? "\(ResourceKind.function)/\(address.root)\(aliasInfix)\(address.key)" : address.description
    }
}

extension SymbolicReference {
    /// Something of the form that the attribute will have, for checks that come before there is a target.
    package var standIn: String {
        let name = address.name
        switch (attribute, address.kind) {
        case ("name", .alias): return address.key
        case ("name", _): return name
        case ("arn", .user): return "arn:aws:iam::123456789012:user/\(name)"
        case ("arn", .group): return "arn:aws:iam::123456789012:group/\(name)"
        case ("arn", .role): return "arn:aws:iam::123456789012:role/\(name)"
        case ("arn", .policy): return "arn:aws:iam::123456789012:policy/\(name)"
        case ("arn", .instanceProfile): return "arn:aws:iam::123456789012:instance-profile/\(name)"
        case ("arn", .oidcProvider): return "arn:aws:iam::123456789012:oidc-provider/\(name)"
        case ("arn", .samlProvider): return "arn:aws:iam::123456789012:saml-provider/\(name)"
        case ("arn", .function): return "arn:aws:lambda:us-east-1:123456789012:function:\(name)"
        case ("arn", .alias):
            return "arn:aws:lambda:us-east-1:123456789012:function:\(address.root):\(address.key)"
        case ("invokeArn", _):
            let function = SymbolicReference(address: address, attribute: "arn").standIn
            return "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(function)/invocations"
        case ("arn", _): return "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5"
        case ("id", .user): return "AIDAAAAAAAAAAAAAAAAAA"
        case ("id", .role): return "AROAAAAAAAAAAAAAAAAAA"
        default: return "a1b2c3d4e5"
        }
    }
}

extension SymbolicReference: CustomStringConvertible {
    package var description: String { "${\(Self.text(of: address)).\(attribute)}" }
}

extension JSONValue {
    /// Every reference in the strings of this document, in order, repeats included.
    package var references: [SymbolicReference] {
        var found: [SymbolicReference] = []
        _ = mapStrings { text in
            _ = Self.replaceReferences(in: text) { reference in
                found.append(reference)
                return nil
            }
            return text
        }
        return found
    }

    /// Visits the references in the strings of this document; strings without a `$` cost a scan and no more.
    package func forEachReference(_ visit: (SymbolicReference) -> Void) {
        switch self {
        case .null, .bool, .number: return
        case .string(let text):
            if text.utf8.contains(UInt8(ascii: "$")) { references.forEach(visit) }
        case .array(let elements): for element in elements { element.forEachReference(visit) }
        case .object(let object): for member in object.members { member.value.forEachReference(visit) }
        }
    }

    /// The document with every reference replaced that `identities` can answer; the others stay as written.
    package func resolved(with identities: [Address: Identity]) -> JSONValue {
        mapStrings { text in
            Self.replaceReferences(in: text) { identities[$0.address]?.attribute($0.attribute) }
        }
    }

    /// The document with every reference as its ``SymbolicReference/standIn``.
    package var withStandIns: JSONValue {
        mapStrings { text in Self.replaceReferences(in: text) { $0.standIn } }
    }

    /// The document with every reference written anew.
    package func mapReferences(_ transform: (SymbolicReference) -> SymbolicReference) -> JSONValue {
        mapStrings { text in Self.replaceReferences(in: text) { transform($0).description } }
    }

    /// Applies `transform` to every string value; member names are left alone.
    package func mapStrings(_ transform: (String) -> String) -> JSONValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): .string(transform(text))
        case .array(let elements): .array(elements.map { $0.mapStrings(transform) })
        case .object(let object): .object(JSONObject(object.map { ($0.name, $0.value.mapStrings(transform)) }))
        }
    }

    private static func replaceReferences(in text: String, _ value: (SymbolicReference) -> String?) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var rest = text[...]
        while var start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            // Of several that are open the last one is meant: `${a ${RestApi/petstore.id}` has one reference.
            while let later = rest[start.upperBound..<end].firstRange(of: "${") { start = later }
            let inner = rest[start.upperBound..<end]
            let after = rest.index(after: end)
            result += rest[..<start.lowerBound]
            if let reference = SymbolicReference(text: inner), let replacement = value(reference) {
                result += replacement
            } else {
                result += rest[start.lowerBound..<after]
            }
            rest = rest[after...]
        }
        return result + rest
    }
}
