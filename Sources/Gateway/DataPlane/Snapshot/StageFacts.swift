import JSON

/// What holds for all routes of a stage. A class, so that an exchange carries one pointer.
final class StageFacts: Sendable {
    let accountID: String
    let region: String
    let apiID: String
    let stageName: String
    let deploymentID: String
    let variables: [String: String]
    let mediaTypes: MediaTypes
    let gatewayResponses: GatewayResponses
    /// Bytes; nil: responses are not packed, and packed requests pass as they are.
    let minimumCompressionSize: Int?
    let isDefaultEndpointDisabled: Bool
    let identity: ClientIdentity?
    let links: LinkRegistry
    let services: ServiceBackends

    init(
        _ definition: StageDefinition, gatewayResponses: GatewayResponses, links: LinkRegistry,
        services: ServiceBackends
    ) {
        accountID = definition.accountID
        region = definition.region
        apiID = definition.apiID
        stageName = definition.stageName
        deploymentID = definition.deploymentID
        variables = definition.variables
        mediaTypes = MediaTypes(definition.binaryMediaTypes)
        minimumCompressionSize = definition.minimumCompressionSize
        isDefaultEndpointDisabled = definition.isDefaultEndpointDisabled
        identity = definition.identity
        self.gatewayResponses = gatewayResponses
        self.links = links
        self.services = services
    }

    /// What a function's policy may name as the source of a call: parameters of the path are `*`.
    ///
    /// - Parameter verb: The one that was sent.
    func sourceARN(of resourcePath: String, verb: String) -> String {
        let path = resourcePath.split(separator: "/").map { $0.hasPrefix("{") ? "*" : $0 }.joined(separator: "/")
        return "arn:aws:execute-api:\(region):\(accountID):\(apiID)/\(stageName)/\(verb)/\(path)"
    }
}
