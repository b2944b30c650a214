import Bytes
import Crypto
import Diagnostics
import JSON
import Resources

/// The folders of code that functions name, read to archives.
struct CodeFolders {
    private(set) var diagnostics: [Diagnostic] = []
    /// By the function's name.
    private(set) var archives: [String: CodeArchive] = [:]
    /// Every folder that was asked for.
    private(set) var paths: Set<String> = []
    private var known: [String: (archive: CodeArchive, entries: [TreeEntry])] = [:]
    private var byteCount = 0

    mutating func read(_ functions: [ObjectManifest], _ tree: some FileTree) async throws(TreeFailure) {
        for function in functions {
            guard let written = function.checked.values["code"]?.string, !Substitution.hasUnset(written) else {
                continue
            }
            let span = function.checked.spec["code"]?.span ?? function.document.nameSpan
            guard let path = TreePath.resolve(written, in: TreePath.folder(of: function.document.file)), !path.isEmpty
            else {
                report("`\(written.shortened)` is no folder inside the repository", span)
                continue
            }
            paths.insert(path)
            if known[path] == nil { known[path] = try await archive(path, span, tree) }
            guard let (archive, entries) = known[path] else { continue }
            archives[function.document.name] = archive
            diagnostics += EntryPoint.check(function, entries, in: path)
        }
    }

    /// Nil where something is wrong: that has been said.
    private mutating func archive(
        _ path: String, _ span: SourceSpan, _ tree: some FileTree
    ) async throws(TreeFailure) -> (CodeArchive, [TreeEntry])? {
        let entries: [TreeEntry]
        do {
            entries = try await tree.list(under: path)
        } catch {
            // Of this folder alone, such as a link in it: the other manifests are right all the same.
            guard error.recovery == .awaitCommit else { throw error }
            report("`\(path)` cannot be read: \(error.message)", span)
            return nil
        }
        guard !entries.isEmpty else {
            report("there is no folder `\(path)` with files in it", span)
            return nil
        }
        guard entries.first?.path != path else {
            report("`\(path)` is a file: name the folder that it is in", span)
            return nil
        }
        guard entries.count <= min(Limits.files, ZipWriter.filesMax) else {
            report("`\(path)` has more than \(min(Limits.files, ZipWriter.filesMax)) files", span)
            return nil
        }
        let size = entries.reduce(0) { $0 + $1.byteCount }
        guard size <= Limits.codeBytes else {
            report("`\(path)` has \(size) bytes: code has at most \(Limits.codeBytes >> 20) MiB", span)
            return nil
        }
        byteCount += size
        guard byteCount <= Limits.codeBytesAltogether else {
            report("the code of all functions has more than \(Limits.codeBytesAltogether >> 20) MiB", span)
            return nil
        }
        return try await pack(path, entries, span, tree).map { ($0, entries) }
    }

    private mutating func pack(
        _ path: String, _ entries: [TreeEntry], _ span: SourceSpan, _ tree: some FileTree
    ) async throws(TreeFailure) -> CodeArchive? {
        let contents = try await tree.read(listed: entries, byteLimit: Limits.codeBytes)
        var archive = ZipWriter()
        for (entry, content) in Swift.zip(entries, contents) {
            guard let content else {
                report("`\(entry.path)` was there a moment ago and is gone", span)
                return nil
            }
            archive.add(String(entry.path.dropFirst(path.count + 1)), content, isExecutable: entry.isExecutable)
        }
        let bytes = archive.finished()
        guard bytes.count <= Limits.codeBytes else {
            report("`\(path)` has \(bytes.count) bytes packed: code has at most \(Limits.codeBytes >> 20) MiB", span)
            return nil
        }
        return CodeArchive(hash: Base64.text(of: Array(SHA256.hash(data: bytes))), bytes: bytes)
    }

    private mutating func report(_ message: String, _ span: SourceSpan) {
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.badCode, message, at: span,
                remedy: "`code` is a folder of the repository, relative to the manifest, of at most "
                    + "\(Limits.codeBytes >> 20) MiB"))
    }
}
