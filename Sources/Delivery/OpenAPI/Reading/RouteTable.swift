import Diagnostics

/// The tree of resources so far.
struct RouteTable {
    /// Places of the paths that documents write, by the path without its last slash.
    private var written: [String: SourceSpan] = [:]
    /// The variable part below a path.
    private var variables: [String: (part: String, span: SourceSpan)] = [:]

    enum Collision {
        case samePath(SourceSpan)
        /// `part` stands already where another variable part is asked for, below `parent`.
        case sibling(part: String, parent: String, span: SourceSpan)
    }

    /// Adds a path as its parts; nil when nothing stands in its way.
    mutating func add(_ parts: [String], at span: SourceSpan) -> Collision? {
        let path = Self.path(parts)
        if let earlier = written[path] { return .samePath(earlier) }
        written[path] = span
        for (depth, part) in parts.enumerated() where part.hasPrefix("{") {
            let parent = Self.path(parts.prefix(depth))
            if let other = variables[parent], other.part != part {
                return .sibling(part: other.part, parent: parent, span: other.span)
            }
            if variables[parent] == nil { variables[parent] = (part, span) }
        }
        return nil
    }

    static func path(_ parts: some Collection<String>) -> String { "/" + parts.joined(separator: "/") }
}

/// One part of a path.
enum PathPart {
    /// What is wrong with the part, in the words of the service; nil when it can be a resource.
    ///
    /// Source: API Gateway's texts for CreateResource.
    static func fault(_ part: String, isLast: Bool) -> String? {
        let allowed =
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable "
            + "and curly braces at the beginning and the end."
        guard part.hasPrefix("{") else { return part.utf8.allSatisfy(isLiteral) && !part.isEmpty ? nil : allowed }
        guard part.hasSuffix("}") else { return allowed }
        var name = part.dropFirst().dropLast()
        if name.hasSuffix("+") {
            guard isLast else { return "Greedy path variable must be the last part of a path." }
            name = name.dropLast()
        }
        return name.utf8.allSatisfy(isLiteral) && !name.isEmpty ? nil : allowed
    }

    private static func isLiteral(_ byte: UInt8) -> Bool {
        DocumentReading.isAlphanumeric(byte) || [0x2E, 0x5F, 0x2D, 0x3A].contains(byte)
    }

    /// The name that methods declare it by; nil for a literal part.
    static func parameter(_ part: String) -> String? {
        guard part.hasPrefix("{"), part.hasSuffix("}") else { return nil }
        let name = part.dropFirst().dropLast()
        return String(name.hasSuffix("+") ? name.dropLast() : name)
    }
}
