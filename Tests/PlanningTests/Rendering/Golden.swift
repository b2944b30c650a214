import Foundation
import Testing

/// Compares with `Tests/Fixtures/planning/NAME`; `make golden` writes it.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/planning/\(name)")
    if ProcessInfo.processInfo.environment["GATEWRIGHT_GOLDEN"] == "write" {
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "see \(name)", sourceLocation: sourceLocation)
}
