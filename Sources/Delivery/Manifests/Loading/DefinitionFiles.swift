import Diagnostics

/// The definition files that manifests name.
struct DefinitionFiles {
    /// In the byte order of their paths.
    private(set) var found: [DefinitionFile] = []
    private(set) var diagnostics: [Diagnostic] = []

    /// Where each is named first.
    private let places: [String: SourceSpan]
    /// What the environment's folders hold; a definition may also be elsewhere.
    private let known: [String: TreeEntry]
    private let cache: ManifestCache?

    init(_ places: [String: SourceSpan], _ known: [String: TreeEntry], cache: ManifestCache? = nil) {
        self.places = places
        self.known = known
        self.cache = cache
    }

    mutating func read(_ tree: some FileTree) async throws(TreeFailure) {
        var entries: [TreeEntry] = []
        for path in places.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            if let entry = try await entry(path, tree) { entries.append(entry) }
        }
        for entry in entries where entry.byteCount > Limits.definitionBytes {
            diagnostics.append(.tooLarge(entry.path, Limits.definitionBytes, at: places[entry.path]))
        }
        entries.removeAll { $0.byteCount > Limits.definitionBytes }
        guard entries.reduce(0, { $0 + $1.byteCount }) <= Limits.bytesAltogether else {
            diagnostics.append(
                .tooManyBytes("the definitions", at: entries.first.flatMap { places[$0.path] }.map { [$0] } ?? []))
            return
        }
        let cache = cache
        var files: [DefinitionFile?] = entries.map { cache.known($0, .definition) }
        let missing = entries.indices.filter { files[$0] == nil }
        let contents = try await tree.read(listed: missing.map { entries[$0] }, byteLimit: Limits.definitionBytes)
        let inputs = zip(missing, contents).compactMap { position, bytes in
            bytes.map { (position, entries[position], $0) }
        }
        let parsed = await concurrentMap(inputs) { _, entry, bytes in
            cache.value(entry.path, entry.contentID, .definition, bytes: bytes.count) {
                DefinitionFile(entry.path, bytes)
            }
        }
        for (input, file) in zip(inputs, parsed) { files[input.0] = file }
        for (entry, file) in zip(entries, files) {
            if let file { found.append(file) } else { reportMissing(entry.path) }
        }
    }

    /// Nil if there is no such file: that has been said.
    private mutating func entry(_ path: String, _ tree: some FileTree) async throws(TreeFailure) -> TreeEntry? {
        if let entry = known[path] { return entry }
        if let entry = try await tree.list(under: path).first(where: { $0.path == path }) { return entry }
        reportMissing(path)
        return nil
    }

    private mutating func reportMissing(_ path: String) {
        let candidates = diagnostics.count < Limits.suggestions ? Array(known.keys) : []
        let near = Suggestion.nearest(to: path, among: candidates).map { "did you mean `\($0)`?" }
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.fileMissing, "there is no file `\(path)`", at: places[path],
                remedy: near ?? "the path is relative to this file"))
    }
}
