import DataPlane

extension LinkRegistry {
    static let balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/pets/50dc6c495c0c9188"

    /// One usable link, `link1`.
    func publishOne() { publish(["link1": Link(targetARN: Self.balancer, readyAt: 0)]) }
}

extension Route {
    static func linked(
        _ uri: String, _ httpMethod: String = "ANY", connection: String = "${stageVariables.vpcLinkId}",
        more: String = ""
    ) throws -> Route {
        try proxy(
            uri, httpMethod, "/", more: #", "connectionType": "VPC_LINK", "connectionId": "\#(connection)""# + more)
    }
}
