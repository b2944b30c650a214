import JSON

extension DocumentReading {
    /// What documents share by `$ref`: the section, and where each version keeps it.
    enum Section: String, CaseIterable {
        case schemas, parameters, responses, headers, requestBodies, securitySchemes

        /// Nil where the version has no such section.
        func prefix(_ version: Version) -> String? {
            switch (version, self) {
            case (.swagger2, .schemas): "#/definitions/"
            case (.swagger2, .parameters): "#/parameters/"
            case (.swagger2, .responses): "#/responses/"
            case (.swagger2, .securitySchemes): "#/securityDefinitions/"
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
                case (.swagger2, .securitySchemes): root["securityDefinitions"]
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
            guard let next = target(of: text, in: section) else {
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

    /// Of the section where it is known, else wherever the JSON pointer leads.
    private func target(of text: String, in section: Section) -> Place? {
        if let prefix = section.prefix(version), text.hasPrefix(prefix),
            let known = components[section.rawValue]?[Self.unescaped(text.dropFirst(prefix.count))]
        {
            return known
        }
        guard text.hasPrefix("#/") else { return nil }
        let target = place(at: text.dropFirst(2))
        return target?.node.members == nil ? nil : target
    }

    /// Where a JSON pointer of this document leads.
    func place(at pointer: Substring) -> Place? {
        var place: Place? = root
        for part in pointer.split(separator: "/", omittingEmptySubsequences: false) {
            let name = Self.unescaped(part)
            if let elements = place?.elements {
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                place = elements[index]
            } else {
                place = place?[name]
            }
        }
        return place
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
