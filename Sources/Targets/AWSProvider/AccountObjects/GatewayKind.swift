import JSON
import Resources

/// What the service calls the objects of one kind that are part of no API.
struct GatewayKind: Sendable {
    let kind: ResourceKind
    /// The first part of their paths; also what their ARNs have after the account.
    let collection: String
    /// The member that holds the id.
    let idMember: String
    /// Members that a create takes as the document has them.
    let creating: [String]
    /// Members of a reply that documents have.
    let told: [String]
    /// What is made, changed and removed by calls of its own: the member of the document.
    var parts: String?

    static func of(_ kind: ResourceKind) -> GatewayKind? { all.first { $0.kind == kind } }

    /// The account is none of these: it is always there.
    static let all = [
        GatewayKind(
            kind: .apiKey, collection: "apikeys", idMember: "id",
            creating: ["name", "description", "customerId", "enabled"],
            told: ["name", "description", "customerId", "enabled"]),
        GatewayKind(
            kind: .usagePlan, collection: "usageplans", idMember: "id",
            creating: ["name", "description", "apiStages", "throttle", "quota"],
            told: ["name", "description", "productCode", "apiStages", "throttle", "quota"], parts: "keys"),
        GatewayKind(
            kind: .vpcLink, collection: "vpclinks", idMember: "id", creating: ["name", "description", "targetArns"],
            told: ["name", "description", "targetArns"]),
        GatewayKind(
            kind: .domainName, collection: "domainnames", idMember: "domainName",
            creating: domainMembers + ["certificateBody", "certificateChain", "mutualTlsAuthentication"],
            told: domainMembers + ["mutualTlsAuthentication"], parts: "basePathMappings"),
        GatewayKind(
            kind: .clientCertificate, collection: "clientcertificates", idMember: "clientCertificateId",
            creating: ["description"], told: ["description"]),
    ]

    private static let domainMembers = [
        "domainName", "certificateArn", "certificateName", "regionalCertificateArn", "regionalCertificateName",
        "ownershipVerificationCertificateArn", "endpointConfiguration", "securityPolicy", "endpointAccessMode",
    ]

    func path(_ id: String) -> APIPath { APIPath(collection, id) }
}

extension GatewayKind {
    /// The documents that an object goes through, one call apart: from nil, or to nil, where it is not there.
    ///
    /// A document that comes twice in a row is waited for.
    func stops(from before: JSONObject?, to after: JSONObject?) -> [JSONObject?] {
        var stops: [JSONObject?] = [before]
        func go(_ document: JSONObject?) { if stops[stops.count - 1] != document { stops.append(document) } }
        guard let after else {
            // What refers to others goes first, each by a call that can be taken back.
            var rest = before ?? [:]
            for next in withoutParts(rest) { go(next) }
            rest = stops[stops.count - 1] ?? rest
            if kind == .usagePlan, rest["apiStages"] != nil {
                rest["apiStages"] = JSONValue?.none
                go(rest)
            }
            return stops + [nil]
        }
        var now: JSONObject
        if let before {
            now = before
            var next = after
            if let parts { next[parts] = before[parts] }
            next["tags"] = before["tags"]
            go(form(next))
            next["tags"] = after["tags"]
            go(form(next))
            now = form(next)
        } else {
            now = after
            if let parts { now[parts] = JSONValue?.none }
            if kind == .usagePlan { now["productCode"] = JSONValue?.none }
            now = form(now)
            go(now)
            // It is usable only some time after the reply.
            if kind == .vpcLink { stops.append(now) }
            var next = after
            if let parts { next[parts] = JSONValue?.none }
            go(form(next))
            now = form(next)
        }
        for next in changingParts(now, to: after) { go(next) }
        return stops
    }

    private func form(_ document: JSONObject) -> JSONObject {
        KindTable.object(kind)?.normalForm(of: .object(document)).object ?? document
    }

    private func withoutParts(_ document: JSONObject) -> [JSONObject] {
        var none = document
        if let parts { none[parts] = JSONValue?.none }
        return changingParts(document, to: none)
    }

    /// What goes before what comes.
    private func changingParts(_ document: JSONObject, to after: JSONObject) -> [JSONObject] {
        guard let parts, document[parts] != after[parts] else { return [] }
        var stops: [JSONObject] = []
        var now = document
        func go(_ value: JSONValue) {
            now[parts] = value
            now = form(now)
            stops.append(now)
        }
        if let old = document[parts]?.array ?? (after[parts]?.array).map({ _ in [] }) {
            let new = after[parts]?.array ?? []
            var list = old
            for element in old where !new.contains(element) {
                list.removeAll { $0 == element }
                go(.array(list))
            }
            for element in new where !old.contains(element) {
                list.append(element)
                go(.array(list))
            }
        } else {
            var map = document[parts]?.object ?? [:]
            let new = after[parts]?.object ?? [:]
            for (name, _) in map where new[name] == nil {
                map[name] = JSONValue?.none
                go(.object(map))
            }
            for (name, value) in new where map[name] != value {
                map[name] = value
                go(.object(map))
            }
        }
        return stops
    }
}
