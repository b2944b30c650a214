import Diagnostics
import Manifests

/// Prints diagnostics with the lines of the files they are about.
struct DiagnosticPrinter {
    let tree: any FileTree

    func text(
        _ diagnostics: [Diagnostic], _ format: DiagnosticFormat = .text, isColoured: Bool
    ) async throws -> String {
        var sources: [String: [UInt8]] = [:]
        for file in Set(diagnostics.flatMap(\.spans).map(\.file)) {
            sources[file] = try await tree.read(file, byteLimit: 16 << 20)
        }
        let files = sources
        return DiagnosticRenderer(format, usesColour: isColoured) { files[$0] }.render(diagnostics)
    }
}
