import JSON
import Resources

/// Service documents to normal forms, as ``ServiceForm`` has them, without the marks of our own.
enum ServiceDocument {
    static func restAPI(_ document: JSONObject) -> JSONValue {
        var form = ServiceForm.restAPI(document)
        form["tags"] = userTags(document)
        return normal(.restAPI, form)
    }

    static func userTags(_ document: JSONObject) -> JSONValue? {
        guard let tags = document["tags"]?.object else { return nil }
        let own = tags.filter { !$0.name.hasPrefix(OwnershipMarker.tagPrefix) }
        return own.isEmpty ? nil : .object(JSONObject(own.map { ($0.name, $0.value) }))
    }

    /// - Parameter deployment: The fingerprint of what the stage serves; the deployment's id where it is not ours.
    static func stage(_ document: JSONObject, deployment: String) -> JSONValue {
        var form = document.keeping([
            "description", "variables", "methodSettings", "cacheClusterEnabled", "cacheClusterSize",
            "clientCertificateId", "tracingEnabled", "documentationVersion", "accessLogSettings", "canarySettings",
        ])
        form["deployment"] = .string(deployment)
        form["tags"] = userTags(document)
        return normal(.stage, form)
    }

    private static func normal(_ kind: ResourceKind, _ form: JSONObject) -> JSONValue {
        KindTable.object(kind)?.normalForm(of: .object(form)) ?? .object(form)
    }
}
