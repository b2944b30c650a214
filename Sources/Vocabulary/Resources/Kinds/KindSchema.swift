package import JSON

/// One kind's table: validation, normal form, JSON Schema and `docs/kinds/<Kind>.md` all come from it.
package struct KindSchema: Sendable {
    package enum Group: Sendable, Hashable {
        /// What users write: the fields are those of the manifest's `spec`.
        case manifest
        /// What a manifest expands to: the fields are those of the object's document.
        case object
    }

    /// Where a creation token goes, so that a lost create can be found again.
    package enum TokenCarrier: String, Sendable, Hashable {
        /// The tag `gatewright:token`.
        case tag
        /// The end of the object's description.
        case description
        /// Nowhere: the object's name inside its API is unique, so that looking it up is enough.
        case naturalKey = "natural key"
    }

    package let kind: ResourceKind
    package let group: Group
    /// One sentence: what the kind is.
    package let summary: String
    /// In the order in which documents and pages show them; names are unique.
    package let fields: [FieldSchema]
    package let tokenCarrier: TokenCarrier
    /// True if somebody may do something because the object exists: a route, a permission.
    package let grantsByExisting: Bool
    /// Fields that together are taken while an object has them, so that a second one like it cannot be made beside it;
    /// empty if two such objects may stand side by side.
    package let takenFields: [String]
    /// True if the same object can be made again from its document once it is deleted.
    package let comesBack: Bool
    /// Two objects whose names differ only in capitals are refused by the service.
    package let namesIgnoreCase: Bool
    /// What `metadata.name` may be; nil for what is not written as a manifest.
    package let namePattern: TextPattern?
    /// What references may ask for: `${Kind/name.attribute}`.
    package let attributes: [Attribute]
    /// Fields that the service or the architecture has and this version does not: refused by name.
    package let notSupportedYet: [String]
    /// A whole manifest that shows the kind; empty for object kinds.
    package let example: String

    /// What a reference may ask an object for.
    package struct Attribute: Sendable, Hashable {
        package let name: String
        package let meaning: String
    }

    init(
        _ kind: ResourceKind, _ group: Group, _ summary: String, tokenCarrier: TokenCarrier = .naturalKey,
        grantsByExisting: Bool = false, takenFields: [String] = [], namePattern: TextPattern? = nil,
        comesBack: Bool = false, namesIgnoreCase: Bool = false, attributes: [Attribute] = [],
        notSupportedYet: [String] = [], example: String = "", fields: [FieldSchema]
    ) {
        self.kind = kind
        self.group = group
        self.summary = summary
        self.tokenCarrier = tokenCarrier
        self.grantsByExisting = grantsByExisting
        self.takenFields = takenFields
        self.namePattern = namePattern
        self.comesBack = comesBack
        self.namesIgnoreCase = namesIgnoreCase
        self.attributes = attributes
        self.notSupportedYet = notSupportedYet
        self.example = example
        self.fields = fields
    }

    /// The fields that are written in a manifest.
    package var writtenFields: [FieldSchema] { fields.filter { !$0.isName } }

    /// The field of that name at the top of the document.
    package func field(_ name: String) -> FieldSchema? { fields.first { $0.name == name } }

    /// True if a change of the field cannot be made in place: the object is replaced. False for an unknown field.
    package func isImmutable(_ field: String) -> Bool { self.field(field)?.isImmutable ?? false }
    /// True if the service never returns the field, so that no drift of it can be seen. False for an unknown field.
    package func isWriteOnly(_ field: String) -> Bool { self.field(field)?.isWriteOnly ?? false }
    /// True if callers see a change of the field only after a new deployment. False for an unknown field.
    package func requiresRedeploy(_ field: String) -> Bool { self.field(field)?.requiresRedeploy ?? false }

    /// True if all that the kind says is for people: an object of it changes nothing for callers.
    package var isCosmetic: Bool { !fields.isEmpty && fields.allSatisfy(\.isCosmetic) }
    /// True if the member at that place changes nothing for callers: it, or what it is in, is marked as cosmetic.
    ///
    /// - Parameter path: Names of members; keys of maps and positions in lists count as one each.
    package func isCosmetic(at path: some Sequence<String>) -> Bool {
        var fields: [FieldSchema]? = fields
        var element: FieldType?
        for name in path {
            if let known = fields {
                guard let field = known.first(where: { $0.name == name }) else { return false }
                if field.isCosmetic { return true }
                (fields, element) = field.type.inside
            } else if let type = element {
                (fields, element) = type.inside
            } else {
                return false
            }
        }
        return false
    }

    /// The part of a document, in normal form, that only a new deployment makes visible; empty if there is none.
    package func redeployPart(of document: JSONValue) -> JSONObject {
        guard case .object(let object) = document else { return JSONObject() }
        return JSONObject(object.filter { requiresRedeploy($0.name) }.map { ($0.name, $0.value) })
    }
}
