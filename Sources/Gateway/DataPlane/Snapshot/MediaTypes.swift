/// The types whose bodies are bytes and not text: `binaryMediaTypes` of an API.
struct MediaTypes: Sendable {
    private var exact: Set<String> = []
    private var families: Set<String> = []
    private var isAll = false

    init(_ types: [String]) {
        for type in types {
            let essence = Self.essence(type)
            if essence == "*/*" {
                isAll = true
            } else if essence.hasSuffix("/*") {
                families.insert(String(essence.dropLast(2)))
            } else {
                exact.insert(essence)
            }
        }
    }

    /// - Parameter contentType: A header's value; nil counts as application/json.
    func isBinary(_ contentType: String?) -> Bool {
        if isAll { return true }
        if exact.isEmpty, families.isEmpty { return false }
        let essence = contentType.map(Self.essence) ?? "application/json"
        return exact.contains(essence) || families.contains(String(essence.prefix { $0 != "/" }))
    }

    /// `Application/JSON; charset=utf-8` gives `application/json`.
    static func essence(_ contentType: String) -> String {
        var bytes = contentType.utf8.prefix { $0 != UInt8(ascii: ";") }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        return String(decoding: bytes.map(lowercasedASCII), as: UTF8.self)
    }
}
