/// How diagnostics are printed.
package enum DiagnosticFormat: String, Sendable, Hashable, CaseIterable {
    /// For people: the message, the line, a caret.
    case text
    /// One JSON document of version `gatewright.diagnostics/v1`.
    case json
    /// Workflow commands of GitHub Actions, which mark the lines of a pull request.
    case github
    /// SARIF 2.1.0, for code scanning.
    case sarif
}
