package import JSON

/// One member of a document.
package struct FieldSchema: Sendable {
    package let name: String
    package let type: FieldType
    /// One sentence for the kind's page and for editors.
    package let meaning: String
    package private(set) var isRequired = false
    /// What the service has when the member is absent; nil where absence is a value of its own.
    package private(set) var defaultValue: JSONValue?
    /// Another default for documents in which a member beside this one holds a certain value.
    package private(set) var conditionalDefault: ConditionalDefault?
    /// Written also when it equals the default, so that a document always says it.
    package private(set) var isAlways = false
    package private(set) var isImmutable = false
    package private(set) var isWriteOnly = false
    package private(set) var requiresRedeploy = false
    /// Callers of the APIs see a change of the field at once. False for what needs a deployment, what nobody outside
    /// sees, and what only ``access`` is about.
    package private(set) var isSeenAtOnce = false
    /// How a change of the field changes who may do what; nil if it does not. A structure's members have their own.
    package private(set) var access: AccessRule?
    /// Changes nothing of what callers get or may do: words for people, and labels.
    package private(set) var isCosmetic = false
    /// It is `metadata.name` of the manifest, and not written in `spec`.
    package private(set) var isName = false
    /// The texts in it, when they are a name without any `${...}`, are names of this kind.
    package private(set) var namesKind: ResourceKind?
    /// A rule of ours about the object: the target does not have it.
    package private(set) var isOurs = false
    /// Others may add to it where `attachments` says so.
    package private(set) var isAttachment = false
    /// Where nothing is written the service chooses, and what it has chosen is no difference.
    package private(set) var isChosenByService = false
    /// Empty text says the same as absence.
    package private(set) var emptyTextIsAbsent = false

    /// The default of a member where the list `member`, which comes before it in the table, holds `value`.
    package struct ConditionalDefault: Sendable {
        package let member: String
        package let value: JSONValue
        package let defaultValue: JSONValue
    }

    init(_ name: String, _ type: FieldType, _ meaning: String) {
        self.name = name
        self.type = type
        self.meaning = meaning
    }

    /// The default that holds beside the other members of `object`, which are in normal form.
    package func defaultValue(in object: JSONObject) -> JSONValue? {
        if let conditionalDefault, object[conditionalDefault.member]?.array?.contains(conditionalDefault.value) == true
        {
            return conditionalDefault.defaultValue
        }
        return defaultValue
    }
}

extension FieldSchema {
    /// What stands in place of a secret.
    package static let secretFields = [
        FieldSchema(
            "valueFrom",
            .choice([
                FieldSchema(
                    "env", .text(.variableName), "A variable of the controller, which its configuration allows."),
                FieldSchema("file", .text(1...1024), "A file, relative to the controller's folder of secrets."),
            ]),
            "Where the secret is."
        ).required
    ]
}

// How the tables are written: each word gives the same field with one fact more.
extension FieldSchema {
    var required: Self { with { $0.isRequired = true } }
    var always: Self { with { $0.isAlways = true } }
    var immutable: Self { with { $0.isImmutable = true } }
    var writeOnly: Self { with { $0.isWriteOnly = true } }
    var redeploy: Self { with { $0.requiresRedeploy = true } }
    var seenAtOnce: Self { with { $0.isSeenAtOnce = true } }
    var cosmetic: Self { with { $0.isCosmetic = true } }
    var fromMetadata: Self { with { $0.isName = true } }
    var chosenByService: Self { with { $0.isChosenByService = true } }
    var attachment: Self { with { $0.isAttachment = true } }
    var ours: Self { with { $0.isOurs = true } }
    var emptyIsAbsent: Self { with { $0.emptyTextIsAbsent = true } }

    func names(_ kind: ResourceKind) -> Self { with { $0.namesKind = kind } }
    func access(_ rule: AccessRule) -> Self { with { $0.access = rule } }
    func byDefault(_ value: JSONValue) -> Self { with { $0.defaultValue = value } }

    func byDefault(_ value: JSONValue, where member: String, holds element: JSONValue) -> Self {
        with {
            $0.conditionalDefault = ConditionalDefault(member: member, value: element, defaultValue: value)
        }
    }

    private func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
