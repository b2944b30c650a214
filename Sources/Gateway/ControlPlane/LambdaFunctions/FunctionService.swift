package import Functions

/// Where the code of functions lies, and who runs them.
package struct FunctionService: Sendable {
    package let code: CodeStore
    /// Nil: functions are kept and not run.
    package let host: FunctionHost?

    package init(code: CodeStore, host: FunctionHost?) {
        self.code = code
        self.host = host
    }

    /// Why nothing is run, and what to do about it.
    static let off =
        "functions are not run by this engine: start it with --enable-functions, or set engine.functions.enabled"
}
