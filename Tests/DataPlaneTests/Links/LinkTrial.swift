import Glibc
import Testing

@testable import DataPlane

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

/// Servers whose links lead to ports of this machine.
enum LinkTrial {
    static func stage(
        _ routes: [Route], _ variables: [String: String] = ["vpcLinkId": "link1"]
    ) -> StageDefinition { .testing(routes, variables: variables) }

    /// Only requests tell: the first check is the last one.
    static func unchecked(_ threshold: Int = 1000) -> TargetCheck {
        var check = TargetCheck()
        check.interval = .seconds(3600)
        check.unhealthyThreshold = threshold
        return check
    }

    /// A server whose link leads to these ports.
    static func linked<Result>(
        _ ports: [Int], _ stage: StageDefinition, check: TargetCheck = unchecked(),
        configure: (inout DataPlaneConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        try await TestServer.with(
            [stage],
            linkTargets: [LinkRegistry.balancer: LinkTargets(ports.map { "127.0.0.1:\($0)" }, check: check)],
            configure: configure, body)
    }

    /// A port where connections are refused, and that no other test can get: it is taken as long as the process lives,
    /// and nobody listens.
    static func deadPort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let taken = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        try #require(taken)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
