import JSON

/// The pages of a list answer.
enum Paging {
    struct Item: Sendable {
        /// Decides the order, and where the next page starts.
        var key: String
        var document: JSONObject
    }

    /// `item` and, when there is a next page, `position`.
    ///
    /// - Parameter items: In the order of their keys.
    static func page(_ items: [Item], _ call: Call) throws(ServiceError) -> Reply {
        let (page, position) = try slice(items, call, key: \.key)
        var answer: JSONObject = ["item": .array(page.map { .object($0.document) })]
        if let position { answer["position"] = .string(position) }
        return .json(answer)
    }

    /// What belongs on the page that is asked for, and where the next one starts.
    ///
    /// - Parameter items: In the order of their keys.
    static func slice<Element>(
        _ items: [Element], _ call: Call, key: (Element) -> String
    ) throws(ServiceError) -> (page: [Element], position: String?) {
        let limit = try limit(call)
        var rest = items[...]
        if let position = call.query("position"), !position.isEmpty {
            guard let after = decoded(position) else { throw .badRequest("Invalid position parameter specified") }
            rest = rest.drop { key($0) <= after }
        }
        let page = Array(rest.prefix(limit))
        let next = page.count < rest.count ? page.last.map { encoded(key($0)) } : nil
        return (page, next)
    }

    /// A number as digits that sort as texts do.
    static func key(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(12 - digits.count, 0)) + digits
    }

    private static func limit(_ call: Call) throws(ServiceError) -> Int {
        guard let text = call.query("limit") else { return Limits.pageItemsDefault }
        guard let limit = Int(text), limit > 0 else { throw .badRequest("Invalid limit parameter specified") }
        return min(limit, Limits.pageItemsMax)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    static func encoded(_ key: String) -> String {
        String(decoding: key.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func decoded(_ text: String) -> String? {
        let nibbles = text.utf8.map { digits.firstIndex(of: $0) }
        guard nibbles.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: nibbles.count, by: 2) {
            guard let high = nibbles[position], let low = nibbles[position + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
