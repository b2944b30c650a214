/// A part of a route that cannot be compiled.
struct CompileStop: Error {
    var problem: ConfigurationProblem
    /// In the style of a diagnostic's message.
    var reason: String

    init(_ problem: ConfigurationProblem, _ reason: String) {
        self.problem = problem
        self.reason = reason
    }

    /// What stands in the way of every request.
    var error: GatewayError { problem == .userPool ? .authorizerConfiguration(reason) : .configuration(reason) }
}
