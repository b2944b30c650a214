import Diagnostics
import JSON
import Resources

extension DocumentReading {
    /// The parts that the document lists; without a list they are made of its descriptions.
    mutating func readDocumentation() {
        let place = root["x-amazon-apigateway-documentation"]
        if let place {
            let known = ["version", "createdDate", "documentationParts"]
            checkNames(of: place, known: known, isStrict: true)
            _ = members(place)
            documentationVersion = version(place["version"])
        }
        guard let parts = place?["documentationParts"] else {
            if let info = root["info"], let description = info["description"]?.node.string {
                addPart("API", ["info": ["description": .string(description)]], at: info.nameSpan)
            }
            return
        }
        for part in elements(parts) { readPart(part) }
    }

    /// The name of a version, which is part of paths and of addresses.
    private mutating func version(_ place: Place?) -> String? {
        guard let place, let name = text(place) else { return nil }
        let isName = !name.isEmpty && name.count <= Limits.documentationVersionCharactersMax
        if !isName || name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            manifestProblem(
                .invalidValue,
                "\(place.name) is not a name of 1 to \(Limits.documentationVersionCharactersMax) characters",
                at: [place.node.span], remedy: "give the documentation a short name, such as `1.0`")
        }
        return name.isEmpty ? nil : name
    }

    /// False when the document lists its parts, if only to say that there are none.
    var derivesDocumentation: Bool { root["x-amazon-apigateway-documentation"]?["documentationParts"] == nil }

    private mutating func readPart(_ place: Place) {
        checkNames(of: place, known: ["location", "properties"], isStrict: true)
        guard place.node.members != nil else { return wrongType(place, wanted: "a map") }
        guard let location = place["location"] else { return missing("location", in: place) }
        guard let properties = place["properties"] else { return missing("properties", in: place) }
        checkNames(of: location, known: ["type", "path", "method", "statusCode", "name"], isStrict: true)
        guard let type = location["type"] else { return missing("type", in: location) }
        guard let typeName = word(type, among: Self.documentationTypes) else { return }
        guard properties.node.members != nil else { return wrongType(properties, wanted: "a map") }
        let key = Self.partKey(
            typeName, path: text(location["path"]), method: text(location["method"])?.uppercased(),
            status: text(location["statusCode"]), name: text(location["name"]))
        if let earlier = span(of: .documentationPart, key) {
            problem(
                .duplicate, "\(place.name) documents the same as an earlier part", at: [location.node.span, earlier],
                remedy: "join the two")
        }
        add(.documentationPart, key, ["properties": properties.node.value], at: place.node.span)
    }

    /// Adds a part that comes out of a description.
    mutating func addPart(
        _ type: String, path: String? = nil, method: String? = nil, status: String? = nil, name: String? = nil,
        _ properties: JSONObject, at span: SourceSpan
    ) {
        let key = Self.partKey(type, path: path, method: method, status: status, name: name)
        add(.documentationPart, key, ["properties": .object(properties)], at: span)
    }

    /// What a method says of itself, without what GetExport puts where nothing is said.
    mutating func derivePart(of operation: Place, method: String, path: String) {
        guard derivesDocumentation else { return }
        var properties = JSONObject()
        let tags = operation["tags"]?.elements?.compactMap(\.node.string) ?? []
        let summary = operation["summary"]?.node.string
        let description = operation["description"]?.node.string
        guard summary != nil || description != nil else { return }
        if !tags.isEmpty { properties["tags"] = .array(tags.map { .string($0) }) }
        properties.set("summary", summary)
        properties.set("description", description)
        addPart("METHOD", path: path, method: method, properties, at: operation.nameSpan)
    }

    mutating func derivePart(ofResponse response: Place, status: String, method: String, path: String) {
        guard derivesDocumentation, let text = response["description"]?.node.string, !text.isEmpty,
            text != "\(status) response"
        else { return }
        addPart(
            "RESPONSE", path: path, method: method, status: status, ["description": .string(text)],
            at: response.nameSpan)
    }

    /// The key of an address: see ``Address``.
    static func partKey(_ type: String, path: String?, method: String?, status: String?, name: String?) -> String {
        [type, path ?? "-", method ?? "-", status ?? "-", name ?? "-"].joined(separator: " ")
    }

    /// Source: recorded ValidationException of CreateDocumentationPart, 2025.
    static let documentationTypes = [
        "API", "AUTHORIZER", "METHOD", "MODEL", "PATH_PARAMETER", "QUERY_PARAMETER", "REQUEST_BODY", "REQUEST_HEADER",
        "RESOURCE", "RESPONSE", "RESPONSE_BODY", "RESPONSE_HEADER",
    ]
}
