import JSON

extension DocumentReading {
    /// What documents share by `$ref`: the section, and where each version keeps it.
    enum Section: String, CaseIterable {
        case schemas, parameters, responses, headers, requestBodies

        /// Nil where the version has no such section.
        func prefix(_ version: Version) -> String? {
            switch (version, self) {
            case (.swagger2, .schemas): "#/definitions/"
            case (.swagger2, .parameters): "#/parameters/"
            case (.swagger2, .responses): "#/responses/"
            case (.swagger2, .headers), (.swagger2, .requestBodies): nil
            case (.openAPI3, _): "#/components/\(rawValue)/"
            }
        }
    }

    mutating func collectComponents() {
        let holder = root["components"]
        for section in Section.allCases {
            let place =
                switch (version, section) {
                case (.swagger2, .schemas): root["definitions"]
                case (.swagger2, .parameters): root["parameters"]
                case (.swagger2, .responses): root["responses"]
                case (.swagger2, _): nil as Place?
                case (.openAPI3, _): holder?[section.rawValue]
                }
            var found: [String: Place] = [:]
            for (name, member) in entries(place) { found[name] = member }
            components[section.rawValue] = found
        }
    }

    /// Follows `$ref` until there is none; nil, with a problem said, when it leads nowhere.
    mutating func resolve(_ place: Place, in section: Section) -> Place? {
        var current = place
        for _ in 0..<Limits.referenceHopsMax {
            guard let reference = current["$ref"] else { return current }
            guard let text = text(reference) else { return nil }
            guard let prefix = section.prefix(version), text.hasPrefix(prefix),
                let next = components[section.rawValue]?[Self.unescaped(text.dropFirst(prefix.count))]
            else {
                unresolved(text, at: reference, in: section)
                return nil
            }
            current = next
        }
        problem(
            .unresolvedReference, "`$ref` at \(place.name) goes round in a circle or over too many steps", at: place,
            remedy: "refer to what is meant directly")
        return nil
    }

    mutating func unresolved(_ text: String, at reference: Place, in section: Section) {
        let name = text.split(separator: "/").last.map(String.init) ?? text
        var remedy = section.prefix(version).map { "refer to `\($0)Name`" }
        if let prefix = section.prefix(version),
            let near = suggestion(for: name, among: components[section.rawValue].map { $0.keys.sorted() } ?? [])
        {
            remedy = "did you mean `\(prefix)\(near)`"
        }
        problem(
            .unresolvedReference, "`\(text)` at \(reference.name) leads nowhere in this document", at: reference,
            remedy: remedy)
    }

    /// `~1` and `~0` of a JSON pointer.
    static func unescaped(_ name: Substring) -> String {
        guard name.utf8.contains(UInt8(ascii: "~")) else { return String(name) }
        let slashes = name.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
        return slashes.split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
    }
}
