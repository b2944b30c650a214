import JSON
import Resources

// SOURCE: API Gateway API reference, patch operations of API keys, usage plans, links, host names, certificates.

extension PatchOperations {
    static func gatewayObject(_ kind: ResourceKind, from before: JSONObject, to after: JSONObject) -> PatchOperations {
        var patch = Self()
        switch kind {
        case .apiKey:
            patch.texts(["name", "description", "customerId"], before, after)
            if before["enabled"] != after["enabled"] {
                patch.add("replace", "/enabled", after["enabled"] == true ? "true" : "false")
            }
        case .usagePlan:
            patch.texts(["name", "description", "productCode"], before, after)
            patch.stages(before["apiStages"]?.array ?? [], after["apiStages"]?.array ?? [])
            patch.members("throttle", before, after, ["rateLimit", "burstLimit"])
            patch.members("quota", before, after, ["limit", "offset", "period"])
        case .vpcLink: patch.texts(["name", "description"], before, after)
        case .clientCertificate: patch.texts(["description"], before, after)
        case .domainName: patch.domain(before, after)
        default: break
        }
        return patch
    }

    static func mapping(from before: JSONObject, to after: JSONObject) -> PatchOperations {
        var patch = Self()
        if before["restApiId"] != after["restApiId"] {
            patch.add("replace", "/restapiId", after["restApiId"]?.string ?? "")
        }
        patch.texts(["stage"], before, after)
        return patch
    }

    private mutating func texts(_ names: [String], _ before: JSONObject, _ after: JSONObject) {
        for name in names where before[name] != after[name] {
            add("replace", "/\(name)", after[name]?.string ?? "")
        }
    }

    /// A map that goes as a whole, and changes member by member; the offset of a quota is 0 where nothing says it.
    private mutating func members(_ field: String, _ old: JSONObject, _ new: JSONObject, _ names: [String]) {
        let (path, before, after) = ("/\(field)", old[field]?.object, new[field]?.object)
        guard before != after else { return }
        guard let after else { return add("remove", path) }
        // A limit that goes alone goes with the map that it is in, which is then made again.
        let isLess = names.contains { $0 != "offset" && before?[$0] != nil && after[$0] == nil }
        if isLess { add("remove", path) }
        for name in names where isLess ? after[name] != nil : before?[name] != after[name] {
            add("replace", "\(path)/\(name)", Self.text(after[name]) ?? "0")
        }
    }

    private mutating func stages(_ before: [JSONValue], _ after: [JSONValue]) {
        func name(_ stage: JSONValue) -> String {
            "\(stage["apiId"]?.string ?? ""):\(stage["stage"]?.string ?? "")"
        }
        let old = Dictionary(before.map { (name($0), $0) }) { first, _ in first }
        let new = Dictionary(after.map { (name($0), $0) }) { first, _ in first }
        for stage in old.keys.sorted() where new[stage] == nil { add("remove", "/apiStages", stage) }
        for stage in new.keys.sorted() {
            if old[stage] == nil { add("add", "/apiStages", stage) }
            let limits = old[stage]?["throttle"]?.object ?? [:]
            let wanted = new[stage]?["throttle"]?.object ?? [:]
            for (route, _) in limits where wanted[route] == nil { add("remove", Self.throttle(stage, route)) }
            for (route, value) in wanted where limits[route] != value {
                for name in ["rateLimit", "burstLimit"] where limits[route]?[name] != value[name] {
                    let path = "\(Self.throttle(stage, route))/\(name)"
                    if let text = Self.text(value[name]) { add("replace", path, text) } else { add("remove", path) }
                }
            }
        }
    }

    /// `/apiStages/{api}:{stage}/throttle/~1pets/GET`
    private static func throttle(_ stage: String, _ route: String) -> String {
        let slash = route.lastIndex(of: "/") ?? route.startIndex
        let path = slash == route.startIndex ? "/" : String(route[..<slash])
        return "/apiStages/\(stage)/throttle/\(segment(path))/\(route[route.index(after: slash)...])"
    }

    private mutating func domain(_ before: JSONObject, _ after: JSONObject) {
        texts(
            [
                "certificateName", "certificateArn", "regionalCertificateName", "regionalCertificateArn",
                "ownershipVerificationCertificateArn",
            ], before, after)
        let old = before["endpointConfiguration"]
        let new = after["endpointConfiguration"]
        let (oldType, newType) = (old?["types"]?[0]?.string ?? "EDGE", new?["types"]?[0]?.string ?? "EDGE")
        if oldType != newType { add("replace", "/endpointConfiguration/types/\(oldType)", newType) }
        if old?["ipAddressType"] != new?["ipAddressType"] {
            add("replace", "/endpointConfiguration/ipAddressType", new?["ipAddressType"]?.string ?? "ipv4")
        }
        // Of what the service chooses where nothing is written, nothing is taken back.
        for name in ["securityPolicy", "endpointAccessMode"] where before[name] != after[name] {
            if let text = after[name]?.string { add("replace", "/\(name)", text) }
        }
        let trust = (before["mutualTlsAuthentication"], after["mutualTlsAuthentication"])
        for name in ["truststoreUri", "truststoreVersion"] where trust.0?[name] != trust.1?[name] {
            add("replace", "/mutualTlsAuthentication/\(name)", trust.1?[name]?.string ?? "")
        }
    }
}
