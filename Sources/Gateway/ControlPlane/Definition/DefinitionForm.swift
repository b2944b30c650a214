import DataPlane
import JSON
import OpenAPI
import Resources

/// The definition in normal form of what a deployment kept.
enum DefinitionForm {
    static func definition(of snapshot: DeploymentSnapshot) -> APIDefinition {
        var attributes = ServiceForm.restAPI(snapshot.api)
        if var endpoint = attributes["endpointConfiguration"]?.object {
            endpoint["types"] = nil
            attributes["endpointConfiguration"] = endpoint.isEmpty ? JSONValue?.none : .object(endpoint)
        }
        var names = DefinitionNames()
        var objects: [DefinitionObject] = []
        for (id, document) in snapshot.validators {
            let name = document.string("name") ?? id
            names.validators[id] = name
            objects.append(
                DefinitionObject(
                    kind: .requestValidator, key: name, document: ServiceForm.requestValidator(document)))
        }
        for (id, document) in snapshot.authorizers {
            let name = document.string("name") ?? id
            names.authorizers[id] = name
            objects.append(
                DefinitionObject(kind: .authorizer, key: name, document: ServiceForm.authorizer(document)))
        }
        for (name, document) in snapshot.models {
            let apiID = snapshot.api.string("id") ?? ""
            objects.append(
                DefinitionObject(kind: .model, key: name, document: ServiceForm.model(document, apiID: apiID)))
        }
        for (type, document) in snapshot.gatewayResponses {
            objects.append(
                DefinitionObject(kind: .gatewayResponse, key: type, document: ServiceForm.gatewayResponse(document)))
        }
        for resource in snapshot.resources {
            objects.append(DefinitionObject(kind: .resource, key: resource.path, document: [:]))
            for (name, document) in resource.methods {
                let form = ServiceForm.method(document.object ?? [:], resourceID: resource.id, names: names)
                objects.append(DefinitionObject(kind: .method, key: "\(name) \(resource.path)", document: form))
            }
        }
        return APIDefinition(attributes: attributes, objects: objects)
    }
}
