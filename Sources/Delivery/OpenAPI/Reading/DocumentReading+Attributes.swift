import JSON
import Resources

extension DocumentReading {
    /// The members of the `RestApi` that the document sets.
    mutating func readAttributes() {
        var read = JSONObject()
        if let info = root["info"] {
            if let title = text(info["title"]), !title.isEmpty {
                read.set("name", title)
            } else if info["title"] == nil {
                missing("title", in: info)
            } else if let title = info["title"], title.node.scalarText == "" {
                problem(.invalidValue, "\(title.name) is empty", at: title, remedy: "name the API")
            }
            read.set("description", text(info["description"]))
            read.set("version", text(info["version"]))
        } else {
            missing("info", in: root)
        }
        let media = texts(root["x-amazon-apigateway-binary-media-types"])
        if !media.isEmpty { read["binaryMediaTypes"] = .array(media.map { .string($0) }) }
        read.set("minimumCompressionSize", compressionSize())
        read.set(
            "apiKeySource", word(root["x-amazon-apigateway-api-key-source"], among: ["HEADER", "AUTHORIZER"]))
        readPolicy(into: &read)
        readEndpoint(into: &read)
        let normal = KindTable.object(.restAPI)?.normalForm(of: .object(read)).object ?? read
        attributes = JSONObject(
            normal.compactMap { name, value in
                guard name == "endpointConfiguration", case .object(var endpoint) = value else { return (name, value) }
                // The table fills in the type, which no document has.
                endpoint["types"] = nil
                return endpoint.isEmpty ? nil : (name, .object(endpoint))
            })
    }

    /// Tags of a document are for its readers; those with a value are what HTTP APIs are tagged with.
    mutating func readTags() {
        for tag in root["tags"]?.elements ?? [] {
            guard let value = tag["x-amazon-apigateway-tag-value"] else { continue }
            manifestProblem(
                .unknownExtension, "\(value.name) tags HTTP APIs only", at: [value.nameSpan],
                remedy: "write `spec.tags` in the manifest of the API")
        }
    }

    private mutating func compressionSize() -> Int? {
        guard let place = root["x-amazon-apigateway-minimum-compression-size"] else { return nil }
        if place.node.string == "" { return nil }
        return whole(
            place, in: 0...Limits.compressionBytesMax,
            service: "Invalid minimum compression size, must be between 0 and \(Limits.compressionBytesMax)")
    }

    private mutating func readPolicy(into read: inout JSONObject) {
        guard let place = root["x-amazon-apigateway-policy"] else { return }
        guard let policy = policy(place) else { return }
        if policy["Statement"] == nil {
            manifestProblem(
                .missingMember, "\(place.name) has no `Statement`", at: [place.nameSpan],
                remedy: "add the statements that say who may call the API")
        }
        read["policy"] = .object(policy)
    }

    /// A map, or the text of one.
    private mutating func policy(_ place: Place) -> JSONObject? {
        guard let text = place.node.string else {
            if place.node.members == nil { wrongType(place, wanted: "a policy document") }
            return place.node.value.object
        }
        do throws(JSONFailure) {
            if let policy = try JSONValue(parsing: text).object { return policy }
            wrongType(place, wanted: "a policy document")
        } catch {
            problem(.invalidValue, "\(place.name) is no policy document: \(error.message)", at: place)
        }
        return nil
    }

    private mutating func readEndpoint(into read: inout JSONObject) {
        guard let place = root["x-amazon-apigateway-endpoint-configuration"] else { return }
        let known = ["disableExecuteApiEndpoint", "ipAddressType", "vpcEndpointIds"]
        if let types = place["types"] {
            manifestProblem(
                .unknownMember, "\(types.name) is not a document's to say", at: [types.nameSpan],
                remedy: "write `spec.endpointConfiguration.types` in the manifest of the API")
        }
        checkNames(of: place, known: known + ["types"], isStrict: true)
        guard !members(place).isEmpty else { return }
        read.set("disableExecuteApiEndpoint", flag(place["disableExecuteApiEndpoint"]))
        var endpoint = JSONObject()
        endpoint.set("ipAddressType", word(place["ipAddressType"], among: ["IPV4", "DUALSTACK"])?.lowercased())
        let ids = texts(place["vpcEndpointIds"])
        if !ids.isEmpty { endpoint["vpcEndpointIds"] = .array(ids.map { .string($0) }) }
        read.set("endpointConfiguration", endpoint)
    }
}
