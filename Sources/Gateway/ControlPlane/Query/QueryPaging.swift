import JSON

/// The pages of IAM's lists: `IsTruncated`, and `Marker` when there is more.
enum QueryPaging {
    /// - Parameters:
    ///   - name: Member of the result that is the list.
    ///   - items: In the order of their keys, which are different and short: a marker is made of the last one.
    static func page<Item>(
        _ name: String, _ items: [Item], _ call: QueryCall, key: (Item) -> String,
        _ document: (Item) -> JSONValue
    ) throws(ServiceError) -> JSONObject {
        var rest = items[...]
        if let marker = call["Marker"] {
            guard let last = Paging.decoded(marker) else { throw .validationError("Invalid Marker.") }
            rest = rest.drop { key($0) <= last }
        }
        let page = rest.prefix(call.input["MaxItems"]?.int ?? Limits.queryPageItemsDefault)
        var result: JSONObject = [name: .array(page.map(document)), "IsTruncated": .bool(page.count < rest.count)]
        if page.count < rest.count, let last = page.last { result["Marker"] = .string(Paging.encoded(key(last))) }
        return result
    }

    static func page(
        _ name: String, _ entities: [Entity], _ call: QueryCall, _ document: (Entity) -> JSONObject
    ) throws(ServiceError) -> JSONObject {
        try page(name, entities, call, key: \.place.key) { .object(document($0)) }
    }
}
