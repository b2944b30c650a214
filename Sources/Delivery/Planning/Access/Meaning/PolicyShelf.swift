import IAMPolicy
import JSON

/// Documents that were read and compiled, each once.
struct PolicyShelf {
    private var documents: [JSONValue: PolicyDocument?] = [:]
    /// Names of policies that could not be read.
    private(set) var unreadable: Set<String> = []

    mutating func document(_ named: PrincipalPolicies.Named, _ kind: PolicyKind) -> PolicyDocument? {
        if let known = documents[named.document] { return known }
        let reading: PolicyReading
        if case .string(let text) = named.document {
            reading = PolicyDocument.read(text: text, as: kind, sizeMax: .max)
        } else {
            reading = PolicyDocument.read(named.document, as: kind, sizeMax: .max)
        }
        if reading.document == nil { unreadable.insert(named.name) }
        documents[named.document] = .some(reading.document)
        return reading.document
    }

    mutating func set(_ policies: [PrincipalPolicies.Named], _ kind: PolicyKind) -> PolicySet {
        PolicySet(policies.compactMap { named in document(named, kind).map { (name: named.name, document: $0) } })
    }
}
