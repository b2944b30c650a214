import Diagnostics
import JSON
import Resources

extension DriftGuard {
    var json: JSONValue {
        [
            "on": .bool(isOn), "corrected": .array(corrected.map(\.rawValue).sorted().map { .string($0) }),
            "ignored": .array(ignored.map(\.json)),
        ]
    }

    /// What is not of this form counts as the stricter.
    init(json: JSONValue) {
        let corrected = (json["corrected"]?.array ?? []).compactMap(\.string)
        self.init(
            isOn: json["on"]?.bool ?? true, corrected: Set(corrected.compactMap(DriftClass.init(rawValue:))),
            ignored: (json["ignored"]?.array ?? []).compactMap(DriftRule.init(json:)))
    }
}

extension DriftRule {
    fileprivate var json: JSONValue {
        [
            "kind": .string(kind), "name": .string(name),
            "paths": .array(paths.map { .array($0.map { .string($0) }) }), "owner": .string(owner),
            "reason": .string(reason), "expires": .string(expires.text),
            "classes": .array(classes.map(\.rawValue).sorted().map { .string($0) }),
        ]
    }

    fileprivate init?(json: JSONValue) {
        guard let kind = json["kind"]?.string, let name = json["name"]?.string, let paths = json["paths"]?.array,
            let expires = json["expires"]?.string.flatMap({ CivilDate(text: $0) })
        else { return nil }
        self.init(
            kind: kind, name: name, paths: paths.map { ($0.array ?? []).compactMap(\.string) },
            owner: json["owner"]?.string ?? "", reason: json["reason"]?.string ?? "", expires: expires,
            classes: Set((json["classes"]?.array ?? []).compactMap(\.string).compactMap(DriftClass.init(rawValue:))))
    }
}
