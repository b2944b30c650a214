import Diagnostics
import JSON

/// What a runtime starts in a folder of code: without it every call fails, and only then.
enum EntryPoint {
    /// At most one warning.
    ///
    /// - Parameters:
    ///   - entries: The files of the folder, by their paths in the repository.
    ///   - folder: Its path there.
    static func check(_ function: ObjectManifest, _ entries: [TreeEntry], in folder: String) -> [Diagnostic] {
        let values = function.checked.values
        guard let runtime = values["runtime"]?.string, let handler = values["handler"]?.string,
            !Substitution.hasUnset(runtime), !Substitution.hasUnset(handler)
        else { return [] }
        let problem: (message: String, remedy: String)?
        if runtime.hasPrefix("provided") {
            problem = bootstrap(entries, folder, runtime)
        } else if runtime.hasPrefix("python") {
            problem = module(of: handler, entries, folder)
        } else {
            problem = nil
        }
        guard let problem else { return [] }
        let span = function.checked.spec["code"]?.span ?? function.document.nameSpan
        return [
            Diagnostic(
                .warning, ManifestCode.missingEntryPoint, problem.message, at: span, remedy: problem.remedy)
        ]
    }

    private static func bootstrap(
        _ entries: [TreeEntry], _ folder: String, _ runtime: String
    ) -> (message: String, remedy: String)? {
        let path = "\(folder)/bootstrap"
        guard let entry = entries.first(where: { $0.path == path }) else {
            return (
                "the runtime `\(runtime.shortened)` starts `\(path)`, which is not there",
                "add the program `bootstrap` to the folder"
            )
        }
        guard !entry.isExecutable else { return nil }
        return (
            "`\(path)` may not be executed, so the function cannot start",
            "commit it as executable: `git update-index --chmod=+x \(path)`"
        )
    }

    /// SOURCE: Lambda developer guide, "Define Lambda function handler in Python": `file_name.method_name`; folders by
    /// slashes or dots.
    private static func module(
        of handler: String, _ entries: [TreeEntry], _ folder: String
    ) -> (message: String, remedy: String)? {
        guard let dot = handler.lastIndex(of: "."), dot > handler.startIndex else {
            return (
                "the handler `\(handler.shortened)` names no file",
                "write the file without its ending, a dot, and the name of what is called: `app.handler`"
            )
        }
        let name = String(handler[..<dot].map { $0 == "." ? "/" : $0 })
        let path = "\(folder)/\(name)"
        // A source, a compiled module, or a package.
        let isThere = entries.contains { $0.path.hasPrefix("\(path).") || $0.path.hasPrefix("\(path)/") }
        guard !isThere else { return nil }
        return (
            "the handler `\(handler.shortened)` is in `\(path.shortened).py`, which is not there",
            "correct `handler`: the file without its ending, a dot, and the name of what is called"
        )
    }
}
