/// The condition keys of a request and their values.
///
/// Keys are compared without regard to case, tag keys behind the `/` too. A key without values is not there. A key whose
/// values are all empty texts counts as empty for `Null`, `ForAllValues` and `ForAnyValue`. What follows from the caller
/// (`aws:username`, `aws:userid`, `aws:PrincipalType`, `aws:PrincipalArn`, `aws:PrincipalAccount`) need not be said; what
/// is said here comes first.
package struct RequestContext: Sendable, Hashable {
    /// By keys in lower case; no list is empty.
    package private(set) var values: [String: [String]] = [:]

    package init() {}

    /// Later keys take the place of earlier ones that differ in case alone.
    package init(_ values: [String: [String]]) {
        for key in values.keys.sorted() { self[key] = values[key] }
    }

    /// All values of the key; nil, or an empty list, takes it out.
    package subscript(key: String) -> [String]? {
        get { values[key.lowercased()] }
        set { values[key.lowercased()] = newValue?.isEmpty == true ? nil : newValue }
    }

    /// Sets one value.
    package mutating func set(_ key: String, _ value: String) { self[key] = [value] }

    package var isEmpty: Bool { values.isEmpty }
}

extension RequestContext: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        for (key, value) in elements { set(key, value) }
    }
}
