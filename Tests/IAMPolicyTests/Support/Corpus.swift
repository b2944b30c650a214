import Foundation
import JSON
import Testing

/// The sample of AWS managed policies.
struct CorpusPolicy: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let statements: Int

    var testDescription: String { name }

    static let folder = ProcessInfo.processInfo.environment["GATEWRIGHT_CORPORA"].map { $0 + "/managed-policies" }

    static let all: [CorpusPolicy] = {
        guard let folder, let index = FileManager.default.contents(atPath: folder + "/index.json"),
            let entries = try? JSONValue(parsing: Array(index)).array
        else { return [] }
        return entries.compactMap { entry in
            guard let name = entry["name"]?.string, let file = entry["file"]?.string,
                let data = FileManager.default.contents(atPath: "\(folder)/\(file)")
            else { return nil }
            return CorpusPolicy(name: name, bytes: Array(data), statements: entry["statements"]?.int ?? -1)
        }
    }()
}
