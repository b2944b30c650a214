import JSON

/// What only documents of HTTP APIs have.
enum HTTPAPISigns {
    /// Every place that says so; empty for a REST API.
    static func find(in root: Place) -> [Place] {
        var signs = ["x-amazon-apigateway-cors", "x-amazon-apigateway-importexport-version"].compactMap { root[$0] }
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
