import JSON

/// The answers of the sample pet store, without a network.
enum PetStore {
    struct Answer: Equatable {
        var status: Int
        var contentType: String
        var body: String

        static func json(_ value: JSONValue, status: Int = 200) -> Answer {
            Answer(status: status, contentType: "application/json", body: value.text(.compact))
        }
        static func text(_ body: String, status: Int) -> Answer {
            Answer(status: status, contentType: "text/plain; charset=utf-8", body: body)
        }
    }

    private static let kinds = ["dog", "cat", "fish"]
    private static let prices = ["249.99", "124.99", "0.99"]
    private static let pricesOfPageTwo = ["999.99", "249.99", "49.97"]

    /// - Parameter query: Decoded, in order.
    static func answer(method: String, path: String, query: [(name: String, value: String)], body: [UInt8]) -> Answer {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard parts.first == "petstore", parts.count > 1, parts[1] == "pets" else { return unknown(method, path) }
        switch (method, parts.count) {
        case ("GET", 2), ("HEAD", 2): return .json(list(query))
        case ("POST", 2): return created(body)
        case ("GET", 3), ("HEAD", 3):
            guard let id = Int(parts[2]), (1...3).contains(id) else { return unknown(method, path) }
            return .json(pet(id, kinds[id - 1], prices[id - 1]))
        default: return unknown(method, path)
        }
    }

    private static func list(_ query: [(name: String, value: String)]) -> JSONValue {
        let kind = query.last { $0.name == "type" }?.value
        let isPageTwo = query.last { $0.name == "page" }?.value == "2"
        return .array(
            (0..<3).map { position in
                pet(
                    position + (isPageTwo ? 4 : 1), kind ?? kinds[position],
                    isPageTwo ? pricesOfPageTwo[position] : prices[position])
            })
    }

    private static func pet(_ id: Int, _ kind: String, _ price: String) -> JSONValue {
        ["id": .number(JSONNumber(id)), "type": .string(kind), "price": .number(JSONNumber(text: price))]
    }

    private static func created(_ body: [UInt8]) -> Answer {
        do {
            return .json(["pet": try JSONValue(parsing: body), "message": "success"])
        } catch {
            return .json(["message": .string("the body is not JSON: \(error.message)")], status: 400)
        }
    }

    private static func unknown(_ method: String, _ path: String) -> Answer {
        .text("Cannot \(method) \(path)\n", status: 404)
    }
}
