/// How the programs of one runtime are started.
package struct RuntimeCommand: Sendable, Hashable {
    /// A path. Relative ones are of the function's folder.
    package var program: String
    package var arguments: [String]
    /// Variables that the runtime needs to find its own parts; the function's go before them.
    package var environment: [String: String]
    /// The handler is the last argument.
    package var takesHandler: Bool

    package init(
        program: String, arguments: [String] = [], environment: [String: String] = [:], takesHandler: Bool = false
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.takesHandler = takesHandler
    }

    /// The service's own client of the runtime API for Python, by an interpreter that can import it.
    package static func python(_ interpreter: String, environment: [String: String] = [:]) -> Self {
        Self(program: interpreter, arguments: ["-m", "awslambdaric"], environment: environment, takesHandler: true)
    }

    /// A program of that name in the function's folder.
    static let bootstrap = Self(program: "bootstrap")
}
