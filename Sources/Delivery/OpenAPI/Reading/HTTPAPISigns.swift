import JSON

/// What only documents of HTTP APIs have.
enum HTTPAPISigns {
    /// Every place that says so; empty for a REST API.
    ///
    /// `x-amazon-apigateway-cors` alone is no sign in a manifest, where ``CORSExpansion`` makes it come true; the service
    /// knows it of HTTP APIs only.
    static func find(in root: Place, for use: OpenAPIReader.Use) -> [Place] {
        var names = ["x-amazon-apigateway-importexport-version"]
        if case .service = use { names.insert(Extensions.cors, at: 0) }
        var signs = names.compactMap { root[$0] }
        for (_, item) in root["paths"]?.members ?? [] {
            for (_, operation) in item.members ?? [] {
                guard let integration = operation["x-amazon-apigateway-integration"] else { continue }
                if let subtype = integration["integrationSubtype"] { signs.append(subtype) }
                if let format = integration["payloadFormatVersion"], format.node.scalarText?.hasPrefix("2") == true {
                    signs.append(format)
                }
            }
        }
        for schemes in [root["securityDefinitions"], root["components"]?["securitySchemes"]] {
            for (_, scheme) in schemes?.members ?? [] {
                guard let authorizer = scheme["x-amazon-apigateway-authorizer"] else { continue }
                if let configuration = authorizer["jwtConfiguration"] {
                    signs.append(configuration)
                } else if let type = authorizer["type"], type.node.string?.lowercased() == "jwt" {
                    signs.append(type)
                }
            }
        }
        return signs
    }
}
