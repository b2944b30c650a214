/// Prints diagnostics.
package struct DiagnosticRenderer: Sendable {
    /// The bytes of a file by its path; nil for a file that cannot be shown.
    package typealias Sources = @Sendable (_ file: String) -> [UInt8]?

    private let format: DiagnosticFormat
    private let usesColour: Bool
    private let sources: Sources

    /// - Parameters:
    ///   - usesColour: Only ``DiagnosticFormat/text`` has colours.
    ///   - sources: Asked once per file and call of ``render(_:)``; only ``DiagnosticFormat/text`` shows source lines.
    package init(
        _ format: DiagnosticFormat = .text, usesColour: Bool = false, sources: @escaping Sources = { _ in nil }
    ) {
        self.format = format
        self.usesColour = usesColour
        self.sources = sources
    }

    /// The whole output for these, in their order; it ends with a line break unless it is empty.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        switch format {
        case .text:
            var rendering = TextRendering(colours: Colours(isOn: usesColour), sources: sources)
            return rendering.render(diagnostics)
        case .json: return JSONRendering.render(diagnostics)
        case .github: return diagnostics.map(GitHubRendering.line).joined()
        }
    }
}
