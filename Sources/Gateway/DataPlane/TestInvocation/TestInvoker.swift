package import Logging

/// Runs methods without authorization and without a deployment, as `TestInvokeMethod` does: the same exchange as a
/// request takes, on an event loop of the process.
package struct TestInvoker: Sendable {
    let endpoints: EndpointRules
    let logger: Logger

    package init(endpoints: EndpointRules = EndpointRules(), logger: Logger) {
        self.endpoints = endpoints
        self.logger = logger
    }

    /// - Returns: Nil when the definition has no such resource or no such method.
    package func invoke(_ invocation: TestInvocation) async -> TestInvocationResult? { nil }
}
