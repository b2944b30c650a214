import Diagnostics
import JSON
import Resources

/// Carries patch operations out on one document. Values keep the places where they were written: what a patch puts in
/// points to the patch.
struct NodePatching {
    private(set) var document: Node
    /// Nodes that operations may still add.
    private var nodesLeft = Limits.insertedNodes

    init(_ document: Node) { self.document = document }

    /// Why an operation cannot be carried out.
    struct Fault: Error {
        var code = ManifestCode.patchPathMissing
        let message: String
        let remedy: String
        var other: SourceSpan?
    }

    /// - Throws: Nothing is changed then.
    mutating func apply(_ operation: PatchOperation) throws(Fault) {
        var copy = document
        switch operation.kind {
        case .add(let value): try add(value, at: operation, to: &copy)
        case .replace(let value):
            try count(value)
            try Self.change(&copy, operation.path.tokens[...], operation.path) { node throws(Fault) in node = value }
        case .remove: _ = try Self.remove(operation.path, from: &copy)
        case .move(let from):
            let value = try Self.remove(from, from: &copy)
            try add(value, at: operation, to: &copy)
        case .copy(let from): try add(try Self.find(from, in: copy), at: operation, to: &copy)
        case .test(let value):
            let found = try Self.find(operation.path, in: copy)
            guard found.value.bytes(.canonical) == value.value.bytes(.canonical) else {
                throw Fault(
                    code: .patchTestFailed,
                    message: "`\(operation.path)` is `\(found.value.text(.compact).shortened)` and not "
                        + "`\(value.value.text(.compact).shortened)`",
                    remedy: "correct the value that is tested for, or the patch that relies on it", other: found.span)
            }
        }
        document = copy
    }

    private mutating func add(_ value: Node, at operation: PatchOperation, to document: inout Node) throws(Fault) {
        try count(value)
        guard let last = operation.path.tokens.last else {
            document = value
            return
        }
        let parent = operation.path.tokens.dropLast()
        try Self.change(&document, parent, operation.path) { node throws(Fault) in
            switch node.content {
            case .object(var members):
                if let position = members.firstIndex(where: { $0.name.utf8.elementsEqual(last.utf8) }) {
                    members[position].value = value
                } else {
                    members.append(Node.Member(name: last, nameSpan: operation.span, value: value))
                }
                node.content = .object(members)
            case .array(var elements):
                let position = last == "-" ? elements.count : try Self.index(last, upTo: elements.count, operation.path)
                elements.insert(value, at: position)
                node.content = .array(elements)
            case .null, .bool, .number, .string: throw Self.noMembers(node, operation.path)
            }
        }
    }

    private mutating func count(_ value: Node) throws(Fault) {
        nodesLeft -= Variable.measure(value).nodes
        guard nodesLeft >= 0 else {
            throw Fault(
                code: .badPatch, message: "patches make the document too large",
                remedy: "copy less, or write what they make into the manifest")
        }
    }
}

extension NodePatching {
    private static func find(_ pointer: JSONPointer, in document: Node) throws(Fault) -> Node {
        var node = document
        for token in pointer.tokens {
            switch node.content {
            case .object(let members):
                guard let member = members.first(where: { $0.name.utf8.elementsEqual(token.utf8) }) else {
                    throw missing(token, members, pointer)
                }
                node = member.value
            case .array(let elements): node = elements[try index(token, upTo: elements.count - 1, pointer)]
            case .null, .bool, .number, .string: throw noMembers(node, pointer)
            }
        }
        return node
    }

    /// - Returns: What was there.
    private static func remove(_ pointer: JSONPointer, from document: inout Node) throws(Fault) -> Node {
        let removed = try find(pointer, in: document)
        guard let last = pointer.tokens.last else {
            document = Node(.null(text: "null"), at: document.span)
            return removed
        }
        try change(&document, pointer.tokens.dropLast(), pointer) { node throws(Fault) in
            switch node.content {
            case .object(var members):
                members.removeAll { $0.name.utf8.elementsEqual(last.utf8) }
                node.content = .object(members)
            case .array(var elements):
                elements.remove(at: try index(last, upTo: elements.count - 1, pointer))
                node.content = .array(elements)
            case .null, .bool, .number, .string: throw noMembers(node, pointer)
            }
        }
        return removed
    }

    /// Changes the node at `tokens`, which must be there.
    ///
    /// - Parameter pointer: For messages.
    private static func change(
        _ node: inout Node, _ tokens: ArraySlice<String>, _ pointer: JSONPointer,
        _ body: (inout Node) throws(Fault) -> Void
    ) throws(Fault) {
        guard let token = tokens.first else { return try body(&node) }
        switch node.content {
        case .object(var members):
            guard let position = members.firstIndex(where: { $0.name.utf8.elementsEqual(token.utf8) }) else {
                throw missing(token, members, pointer)
            }
            try change(&members[position].value, tokens.dropFirst(), pointer, body)
            node.content = .object(members)
        case .array(var elements):
            let position = try index(token, upTo: elements.count - 1, pointer)
            try change(&elements[position], tokens.dropFirst(), pointer, body)
            node.content = .array(elements)
        case .null, .bool, .number, .string: throw noMembers(node, pointer)
        }
    }

    /// SOURCE: RFC 6901, section 4: digits without leading zeros.
    private static func index(_ token: String, upTo last: Int, _ pointer: JSONPointer) throws(Fault) -> Int {
        let isNumber =
            !token.isEmpty && token.utf8.count <= 9 && token.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && (token == "0" || !token.hasPrefix("0"))
        guard isNumber, let index = Int(token) else {
            throw Fault(
                message: "`\(token.shortened)` of `\(pointer)` is no position in a list",
                remedy: "write a number from 0, or `-` to add at the end")
        }
        guard index <= last else {
            throw Fault(
                message: "`\(pointer)` is not there: the list has \(last + 1) elements or places",
                remedy: "write a smaller number, or `-` to add at the end")
        }
        return index
    }

    private static func missing(_ token: String, _ members: [Node.Member], _ pointer: JSONPointer) -> Fault {
        let names = members.map(\.name)
        let near = Suggestion.nearest(to: token, among: names).map { "did you mean `\($0)`?" }
        return Fault(
            message: "`\(pointer)` is not there: there is no `\(token.shortened)`",
            remedy: near
                ?? (names.isEmpty
                    ? "add what it is in first" : "there \(names.count == 1 ? "is" : "are") \(Listing.and(names))")
        )
    }

    private static func noMembers(_ node: Node, _ pointer: JSONPointer) -> Fault {
        Fault(
            message: "`\(pointer)` is not there: it leads into \(node.typeName)",
            remedy: "shorten the path, or replace the whole value", other: node.span)
    }
}
