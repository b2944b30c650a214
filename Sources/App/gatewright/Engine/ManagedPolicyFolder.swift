import Diagnostics
import IAMPolicy

/// A folder with managed policies of AWS: `index.json`, and the documents that it names.
enum ManagedPolicyFolder {
    /// LIMIT: bytes of the index and of one document.
    private static let fileBytesMax = 16 << 20

    /// Those that come with the program, and those of the folder, which take the place of those of the same name.
    ///
    /// - Throws: `command.bad-managed-policies`; failures to read a file.
    static func read(_ folder: String) throws -> ManagedPolicies {
        guard let index = try FileText.read("\(folder)/index.json", bytesMax: fileBytesMax) else {
            throw CommandFailure(.badManagedPolicies, "there is no `index.json` in the folder `\(folder)`")
        }
        var files: [String: [UInt8]] = ["index.json": Array(index.utf8)]
        var problem: DataDirectoryFailure?
        let loaded = ManagedPolicies.load(index: Array(index.utf8)) { name in
            guard isInside(name) else { return nil }
            do throws(DataDirectoryFailure) {
                files[name] = try FileText.read("\(folder)/\(name)", bytesMax: fileBytesMax).map { Array($0.utf8) }
            } catch {
                problem = problem ?? error
            }
            return files[name]
        }
        if let problem { throw problem }
        guard loaded.diagnostics.isEmpty else {
            let sources = files
            let text = DiagnosticRenderer(.text) { sources[$0] }.render(loaded.diagnostics)
            throw CommandFailure(
                .badManagedPolicies, "the managed policies of the folder `\(folder)` cannot be used:\n\(text)")
        }
        return ManagedPolicies.shipped.adding(loaded.policies)
    }

    /// A name in the index stays in the folder.
    private static func isInside(_ name: String) -> Bool {
        !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
    }
}
