/// Prints diagnostics.
package struct DiagnosticRenderer: Sendable {
    /// The bytes of a file by its path; nil for a file that cannot be shown.
    package typealias Sources = @Sendable (_ file: String) -> [UInt8]?

    private let format: DiagnosticFormat
    private let usesColour: Bool
    private let tool: DiagnosticTool
    private let sources: Sources

    /// - Parameters:
    ///   - usesColour: Only ``DiagnosticFormat/text`` has colours.
    ///   - tool: Only ``DiagnosticFormat/sarif`` names it.
    ///   - sources: Asked once per file and call of ``render(_:)``; only ``DiagnosticFormat/text`` shows source lines.
    package init(
        _ format: DiagnosticFormat = .text, usesColour: Bool = false,
        tool: DiagnosticTool = DiagnosticTool(version: "0.0.0"), sources: @escaping Sources = { _ in nil }
    ) {
        self.format = format
        self.usesColour = usesColour
        self.tool = tool
        self.sources = sources
    }

    /// The whole output for these, in their order; it ends with a line break unless it is empty. The formats for
    /// programs are whole documents even where there is nothing to tell.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        switch format {
        case .text:
            var rendering = TextRendering(colours: Colours(isOn: usesColour), sources: sources)
            return rendering.render(diagnostics)
        case .json: return JSONRendering.render(diagnostics)
        case .sarif: return SARIFRendering.render(diagnostics, tool: tool)
        case .github: return diagnostics.map(GitHubRendering.line).joined()
        }
    }
}
