package import JSON

extension JSONValue {
    /// The document with every reference replaced that `identities` can answer, in the kind's normal form: sets are in
    /// the order of what references say.
    package func resolved(with identities: [Address: Identity], as kind: ResourceKind) -> JSONValue {
        var hasReference = false
        forEachReference { _ in hasReference = true }
        guard hasReference else { return self }
        let value = resolved(with: identities)
        return KindTable.object(kind)?.normalForm(of: value) ?? value
    }
}

extension ObservedObject {
    /// True if the object is as `document` says, whose references `identities` answers.
    package func matches(_ document: JSONValue, of kind: ResourceKind, _ identities: [Address: Identity]) -> Bool {
        let wanted = document.resolved(with: identities, as: kind)
        return self.document(besides: wanted, kind) == wanted
    }

    /// What counts of the object beside a document that says what is wanted of it, references resolved: rules of ours are
    /// taken over, what the service chose for itself is left out, and what others attached too where they may.
    package func document(besides wanted: JSONValue, _ kind: ResourceKind) -> JSONValue {
        KindTable.object(kind)?.counting(document, besides: wanted) ?? document
    }
}

extension KindSchema {
    fileprivate func counting(_ observed: JSONValue, besides wanted: JSONValue) -> JSONValue {
        guard kind.isObjectOfItsOwn, case .object(var object) = observed, case .object(let wanted) = wanted else {
            return observed
        }
        if hasSecrets { object = observed.hidingSecrets(of: .object(wanted)).object ?? object }
        let isShared = wanted["attachments"] == "additive"
        for field in fields {
            if field.isOurs || field.isWriteOnly { object[field.name] = wanted[field.name] }
            if field.isChosenByService, wanted[field.name] == nil { object[field.name] = JSONValue?.none }
            if field.isAttachment, isShared {
                object[field.name] = object[field.name]?.common(with: wanted[field.name])
            }
        }
        return normalForm(of: .object(object))
    }
}

extension JSONValue {
    /// Of a list the elements, of a map the members, that the other one has too.
    fileprivate func common(with other: JSONValue?) -> JSONValue? {
        switch self {
        case .array(let elements): return .array(elements.filter { other?.array?.contains($0) == true })
        case .object(let object):
            return .object(JSONObject(object.filter { other?[$0.name] != nil }.map { ($0.name, $0.value) }))
        default: return self
        }
    }
}
