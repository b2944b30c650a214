import Diagnostics
import Resources

/// The manifest files that one environment lists.
struct Inventory {
    private(set) var documents: [ManifestDocument] = []
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var filesRead: [String] = []
    /// YAML and JSON files that are no manifests.
    private(set) var ignored: Set<String> = []
    /// Paths of the listed files that may be manifests: only a change among these can matter.
    private(set) var candidates: [String] = []
    /// Everything that was listed, by path.
    private(set) var entries: [String: TreeEntry] = [:]

    private let settings: EnvironmentSettings
    private let configuration: Configuration
    private let cache: ManifestCache?

    init(_ settings: EnvironmentSettings, _ configuration: Configuration, cache: ManifestCache? = nil) {
        self.settings = settings
        self.configuration = configuration
        self.cache = cache
    }

    mutating func read(_ tree: some FileTree) async throws(TreeFailure) {
        guard let entries = try await list(tree) else { return }
        self.entries = Dictionary(uniqueKeysWithValues: entries.map { ($0.path, $0) })
        let named = Set(settings.manifests.map(\.path))
        let candidates = entries.filter {
            $0.path != configuration.path && (TreePath.mayBeManifest($0.path) || named.contains($0.path))
        }
        self.candidates = candidates.map(\.path)
        let small = candidates.filter { $0.byteCount <= Limits.manifestBytes }
        try await refuseLarge(candidates.filter { $0.byteCount > Limits.manifestBytes }, named, tree)

        guard !isTooMuch(small) else { return }
        filesRead += small.map(\.path)
        let files = try await parse(small, named, tree)
        for file in files {
            diagnostics += file.diagnostics
            if !file.isOurs, !file.diagnostics.hasErrors { notOurs(file.path, isNamed: named.contains(file.path)) }
            for document in file.documents {
                if document.schema.kind == .environment {
                    misplaced(document, "an `Environment` belongs into `\(configuration.path)`", "move it there")
                } else {
                    documents.append(document)
                }
            }
        }
        readConfigurationFile()
        checkFound(files)
    }

    /// In the order of the entries; what is gone is left out.
    private func parse(
        _ entries: [TreeEntry], _ named: Set<String>, _ tree: some FileTree
    ) async throws(TreeFailure) -> [ManifestFile] {
        let cache = cache
        func use(_ entry: TreeEntry) -> ManifestCache.Key.Use { .manifest(isNamed: named.contains(entry.path)) }
        var files: [ManifestFile?] = entries.map { cache.known($0, use($0)) }
        let missing = entries.indices.filter { files[$0] == nil }
        let contents = try await tree.read(listed: missing.map { entries[$0] }, byteLimit: Limits.manifestBytes)
        let inputs = zip(missing, contents).compactMap { position, bytes in
            bytes.map { (position, entries[position], $0) }
        }
        let parsed = await concurrentMap(inputs) { _, entry, bytes in
            let isNamed = named.contains(entry.path)
            return cache.value(entry.path, entry.contentID, .manifest(isNamed: isNamed), bytes: bytes.count) {
                ManifestParsing.file(entry.path, bytes, isNamed: isNamed)
            }
        }
        for (input, file) in zip(inputs, parsed) { files[input.0] = file }
        return files.compactMap(\.self)
    }

    private mutating func isTooMuch(_ entries: [TreeEntry]) -> Bool {
        guard entries.reduce(0, { $0 + $1.byteCount }) > Limits.bytesAltogether else { return false }
        diagnostics.append(
            .tooManyBytes("the YAML and JSON files of `\(settings.name)`", at: settings.manifests.map(\.span)))
        return true
    }

    private mutating func notOurs(_ path: String, isNamed: Bool) {
        guard isNamed else {
            ignored.insert(path)
            return
        }
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.notAManifest, "`\(path)` is listed in `spec.manifests` and is no manifest",
                at: settings.manifests.first { $0.path == path }?.span,
                remedy: "start it with `apiVersion: \(ManifestParsing.apiVersion)`, or do not list it"))
    }

    /// Nil when there is nothing to be read: that has been said.
    private mutating func list(_ tree: some FileTree) async throws(TreeFailure) -> [TreeEntry]? {
        var all: [String: TreeEntry] = [:]
        for (path, span) in settings.manifests {
            let entries = try await tree.list(under: path)
            if entries.isEmpty {
                diagnostics.append(
                    Diagnostic(
                        .error, ManifestCode.fileMissing, "there is no file or folder `\(path)`", at: span,
                        remedy: "the path is relative to `\(configuration.path)`"))
            }
            for entry in entries { all[entry.path] = entry }
            if all.count > Limits.files {
                diagnostics.append(
                    Diagnostic(
                        .error, ManifestCode.tooManyFiles, "there are more than \(Limits.files) files under `\(path)`",
                        at: span, remedy: "list only folders with manifests"))
                return nil
            }
        }
        return all.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// A file that is too large for a manifest is somebody else's, as a definition is, unless it says that it is ours.
    private mutating func refuseLarge(
        _ entries: [TreeEntry], _ named: Set<String>, _ tree: some FileTree
    ) async throws(TreeFailure) {
        for entry in entries {
            filesRead.append(entry.path)
            var isOurs = named.contains(entry.path)
            if !isOurs, entry.byteCount <= Limits.definitionBytes {
                let bytes = try await tree.read(entry.path, byteLimit: Limits.definitionBytes) ?? []
                isOurs = ManifestParsing.looksLikeOurs(Array(bytes.prefix(Limits.manifestBytes)))
            }
            if isOurs {
                diagnostics.append(.tooLarge(entry.path, Limits.manifestBytes, at: nil))
            } else {
                ignored.insert(entry.path)
            }
        }
    }

    private mutating func readConfigurationFile() {
        guard !configuration.others.isEmpty else { return }
        if settings.manifests.contains(where: { TreePath.isInside(configuration.path, $0.path) }) {
            documents += configuration.others
            return
        }
        for document in configuration.others {
            misplaced(
                document, "`\(configuration.path)` is not in `spec.manifests`",
                "move it, or list `\(Configuration.fileName)` there")
        }
    }

    private mutating func misplaced(_ document: ManifestDocument, _ why: String, _ remedy: String) {
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.misplaced, "`\(document.title)` is not read: \(why)", at: document.nameSpan,
                remedy: remedy))
    }

    private mutating func checkFound(_ files: [ManifestFile]) {
        guard documents.isEmpty, !diagnostics.hasErrors, !settings.manifests.isEmpty else { return }
        diagnostics.append(
            Diagnostic(
                .error, ManifestCode.noManifests,
                "no manifest is under \(Listing.or(settings.manifests.map(\.path)))",
                at: settings.manifests.map(\.span),
                remedy: "correct `spec.manifests`; a commit cannot ask for an empty environment"))
    }
}
