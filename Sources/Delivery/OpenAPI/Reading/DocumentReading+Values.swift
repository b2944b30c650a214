import JSON

extension DocumentReading {
    /// The members of a map; anything else is reported.
    mutating func members(_ place: Place?) -> [(name: String, place: Place)] {
        guard let place else { return [] }
        if let members = place.members { return place.isIntrinsic ? [] : members }
        wrongType(place, wanted: "a map")
        return []
    }

    /// As ``members(_:)``, without `x-` members of others.
    mutating func entries(_ place: Place?) -> [(name: String, place: Place)] {
        members(place).filter { !$0.name.hasPrefix("x-") }
    }

    mutating func elements(_ place: Place?) -> [Place] {
        guard let place else { return [] }
        if let elements = place.elements { return elements }
        wrongType(place, wanted: "a list")
        return []
    }

    /// The text of a scalar, as it is written.
    mutating func text(_ place: Place?) -> String? {
        guard let place else { return nil }
        if let text = place.node.scalarText { return text }
        wrongType(place, wanted: "a string")
        return nil
    }

    mutating func texts(_ place: Place?) -> [String] {
        var result: [String] = []
        for element in elements(place) { if let text = text(element) { result.append(text) } }
        return result
    }

    mutating func flag(_ place: Place?) -> Bool? {
        guard let place else { return nil }
        switch (place.node.bool, place.node.string) {
        case (let flag?, _): return flag
        case (_, "true"?): return true
        case (_, "false"?): return false
        default:
            wrongType(place, wanted: "a boolean")
            return nil
        }
    }

    /// A whole number of the range, also as text.
    mutating func whole(_ place: Place?, in range: ClosedRange<Int>, service: String? = nil) -> Int? {
        guard let place else { return nil }
        guard let number = place.node.number?.int ?? place.node.string.flatMap({ Int($0) }) else {
            wrongType(place, wanted: "a whole number")
            return nil
        }
        guard range.contains(number) else {
            problem(
                .invalidValue,
                "\(place.name) is \(number), which is not between \(range.lowerBound) and \(range.upperBound)",
                at: place, remedy: "use a number of that range", service: service)
            return nil
        }
        return number
    }

    /// One of some words, read without regard to case, in capitals.
    mutating func word(_ place: Place?, among words: [String]) -> String? {
        guard let place, let text = text(place) else { return nil }
        let word = text.uppercased()
        if words.contains(word) { return word }
        let near = suggestion(for: word, among: words).map { "did you mean `\($0)`" }
        problem(
            .invalidValue, "`\(text)` at \(place.name) is none of \(words.map { "`\($0)`" }.joined(separator: ", "))",
            at: place, remedy: near ?? "use one of them")
        return nil
    }
}

extension JSONObject {
    /// Sets the member unless there is no value.
    mutating func set(_ name: String, _ text: String?) { if let text { self[name] = .string(text) } }
    mutating func set(_ name: String, _ flag: Bool?) { if let flag { self[name] = .bool(flag) } }
    mutating func set(_ name: String, _ number: Int?) { if let number { self[name] = .number(JSONNumber(number)) } }
    /// Sets the member unless the object is empty.
    mutating func set(_ name: String, _ object: JSONObject) { if !object.isEmpty { self[name] = .object(object) } }
}
