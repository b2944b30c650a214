import Diagnostics
import JSON
import OpenAPI
import Resources

/// One run of ``ManifestLoader/load(environment:from:)``: what has been read and found so far.
struct Loading {
    var diagnostics: [Diagnostic]
    private let configuration: Configuration
    private let cache: ManifestCache?
    private var fingerprint: String?
    private var candidates: [String] = []
    private var drift = DriftSettings()
    private var filesRead: Set<String>
    private var foldersRead: [String] = []
    /// Files that a manifest or a patch names.
    private var named: Set<String> = []
    private var ignoredFileCount = 0
    private var graph: DesiredGraph?

    init(_ configuration: Configuration, cache: ManifestCache? = nil) {
        self.configuration = configuration
        self.cache = cache
        diagnostics = configuration.diagnostics
        filesRead = [configuration.path]
    }

    var result: LoadResult {
        let list = DiagnosticList(diagnostics).diagnostics
        var outcome = LoadResult.Outcome.refused(list)
        if var graph, !list.hasErrors {
            graph.findings = list
            outcome = .graph(graph)
        }
        return LoadResult(
            outcome: outcome, drift: drift, filesRead: filesRead.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
            foldersRead: foldersRead, candidates: candidates, configurationPath: configuration.path,
            configuration: fingerprint, ignoredFileCount: ignoredFileCount,
            environments: configuration.environments.map(\.name))
    }

    mutating func load(
        _ settings: EnvironmentSettings, from tree: some FileTree, _ checks: [ManifestLoader.Check]
    ) async throws(TreeFailure) {
        diagnostics += settings.diagnostics
        drift = settings.drift
        fingerprint = configuration.fingerprint(of: settings.name)
        foldersRead = settings.manifests.map(\.path)
        var inventory = Inventory(settings, configuration, cache: cache)
        try await inventory.read(tree)
        diagnostics += inventory.diagnostics
        filesRead.formUnion(inventory.filesRead)
        candidates = inventory.candidates

        let variables = Substitution(variables: settings.variables, environment: settings.name)
        let documents = try await patched(unique(inventory.documents), settings, inventory, tree)
        let manifests = await concurrentMap(documents.filter { $0.schema.kind == .restAPI }) {
            RestAPIManifest($0, variables: variables)
        }
        let own = await concurrentMap(documents.filter { $0.schema.kind != .restAPI }) {
            ObjectManifest($0, variables: variables)
        }
        diagnostics += manifests.flatMap(\.diagnostics) + own.flatMap(\.checked.diagnostics)
        var takeovers = Takeovers(
            documents, manifests.compactMap(\.adoption) + own.compactMap(\.checked.adoption))
        diagnostics += takeovers.check()
        let definitions = try await readDefinitions(manifests, tree, variables, inventory.entries)
        let functions = own.filter { $0.document.schema.kind == .function }
        var code = CodeFolders()
        try await code.read(functions, tree)
        filesRead.formUnion(code.paths)
        diagnostics += code.diagnostics + functions.flatMap { FunctionExpansion.check($0, on: settings.target) }
        ignoredFileCount = inventory.ignored.subtracting(named).count

        let pairs = manifests.compactMap { manifest in
            definitions.reading(of: manifest)?.definition.map { (manifest, $0) }
        }
        let expansions = await concurrentMap(pairs) { RestAPIExpansion($0.0, $0.1) }
        diagnostics += expansions.flatMap(\.diagnostics)
        let declared = Set(own.map(\.document.address))
        var resources =
            expansions.flatMap(\.resources)
            + own.flatMap { manifest in
                let resource = manifest.resource(among: declared)
                guard manifest.document.schema.kind == .function else { return [resource] }
                return FunctionExpansion.resources(resource, code.archives[manifest.document.name])
            }

        let references =
            manifests.flatMap(\.references) + own.flatMap(\.checked.references) + definitions.all.flatMap(\.references)
        if !references.isEmpty { Self.addReferences(to: &resources) }
        // What is wrong with an API hides its objects: a reference to one of them may be right all the same.
        let isWhole = pairs.count == manifests.count && !inventory.diagnostics.hasErrors
        diagnostics += FunctionCallers.check(resources) + FunctionCalls.check(resources)
        diagnostics += StageReferences.add(to: &resources) + Self.second(.account, documents)
        let addresses = Set(resources.map(\.address)).union(isWhole ? [] : references.map(\.reference.address))
        diagnostics += ReferenceCheck.diagnostics(references, among: addresses)
        if isWhole {
            var used: Set<String> = []
            for names in manifests.map(\.used) + own.map(\.checked.used) + definitions.all.map(\.used) {
                used.formUnion(names)
            }
            diagnostics += settings.unusedVariables(used)
        }
        var graph = DesiredGraph(
            environment: settings.name, target: settings.target, apply: settings.apply, resources: resources)
        graph.renames = takeovers.renames
        graph.adoptions = takeovers.adoptions
        graph.watch = settings.drift.asGuard
        graph.code = code.archives.sorted { $0.key < $1.key }.map(\.value)
        if !references.isEmpty || !own.isEmpty, let cycle = DependencyOrder.cycle(in: graph.resources) {
            diagnostics.append(cycle)
        }
        for check in checks { diagnostics += check(graph) }
        if !isWhole, !diagnostics.hasErrors {
            diagnostics.append(
                Diagnostic(
                    .error, ManifestCode.missingField, "an API has no definition that can be read",
                    at: manifests.first { definitions.reading(of: $0)?.definition == nil }?.document.nameSpan,
                    remedy: "check its `spec.definition`"))
        }
        // INVARIANT: a graph that lacks objects would delete them: without every definition there is none.
        if isWhole { self.graph = graph }
    }

    /// Documents of which each name is there once; the others are refused.
    private mutating func unique(_ documents: [ManifestDocument]) -> [ManifestDocument] {
        var named: [String: ManifestDocument] = [:]
        return documents.filter { document in
            let title = document.schema.namesIgnoreCase ? document.title.lowercased() : document.title
            if let earlier = named[title] {
                diagnostics.append(.duplicate(document, earlier))
                return false
            }
            named[title] = document
            return true
        }
    }

    private mutating func readDefinitions(
        _ manifests: [RestAPIManifest], _ tree: some FileTree, _ variables: Substitution, _ known: [String: TreeEntry]
    ) async throws(TreeFailure) -> Definitions {
        var places: [String: SourceSpan] = [:]
        for case .file(let path, let span) in manifests.map(\.definition) where places[path] == nil {
            places[path] = span
        }
        let files = Dictionary(try await definitionFiles(places, known, tree).map { ($0.path, $0) }) { first, _ in first
        }
        // A file is read once for each base path mode that manifests ask for.
        let found = Set(manifests.compactMap(Definitions.Source.init)).sorted().compactMap { source in
            files[source.path].map { (source, $0) }
        }
        let readings = await concurrentMap(found) { source, file in
            DefinitionReading(file, variables: variables, basePath: source.basePath)
        }
        let inline = manifests.compactMap { manifest in
            if case .inline(let node) = manifest.definition { (manifest, node) } else { nil }
        }
        let inlineReadings = await concurrentMap(inline) { DefinitionReading(inline: $0.1, basePath: $0.0.basePath) }
        diagnostics += (readings + inlineReadings).flatMap(\.diagnostics)
        var definitions = Definitions()
        for (file, reading) in zip(found, readings) { definitions.files[file.0] = reading }
        for (api, reading) in zip(inline, inlineReadings) { definitions.inline[api.0.document.name] = reading }
        return definitions
    }

    private mutating func definitionFiles(
        _ places: [String: SourceSpan], _ known: [String: TreeEntry], _ tree: some FileTree
    ) async throws(TreeFailure) -> [DefinitionFile] {
        filesRead.formUnion(places.keys)
        named.formUnion(places.keys)
        var files = DefinitionFiles(places, known, cache: cache)
        try await files.read(tree)
        diagnostics += files.diagnostics
        return files.found
    }

    /// The documents as the environment's patches leave them.
    private mutating func patched(
        _ documents: [ManifestDocument], _ settings: EnvironmentSettings, _ inventory: Inventory,
        _ tree: some FileTree
    ) async throws(TreeFailure) -> [ManifestDocument] {
        var reading = settings.patches
        guard !reading.entries.isEmpty || !reading.diagnostics.isEmpty else { return documents }
        var contents: [String: [UInt8]] = [:]
        for case .file(let file) in reading.entries where contents[file.path] == nil {
            filesRead.insert(file.path)
            named.insert(file.path)
            contents[file.path] = try await tree.read(file.path, byteLimit: Limits.manifestBytes)
        }
        reading.finish(contents)
        diagnostics += reading.diagnostics
        var patching = Patching(documents, reading.patches)
        let files = try await definitionFiles(patching.definitions, inventory.entries, tree)
        diagnostics += files.flatMap(\.diagnostics)
        let definitions = files.compactMap { file in file.document.map { (file.path, $0) } }
        patching.run(
            Dictionary(definitions) { first, _ in first },
            isWhole: !inventory.diagnostics.hasErrors && !reading.diagnostics.hasErrors)
        diagnostics += patching.diagnostics
        return patching.documents
    }

    /// What documents refer to comes before them.
    /// Of a kind of which a target has one.
    private static func second(_ kind: ResourceKind, _ documents: [ManifestDocument]) -> [Diagnostic] {
        let all = documents.filter { $0.schema.kind == kind }
        return all.dropFirst().map { document in
            Diagnostic(
                .error, ManifestCode.duplicateName, "`\(document.title)` is the second \(kind): a target has one",
                at: [document.nameSpan, all[0].nameSpan], remedy: "remove one of them")
        }
    }

    private static func addReferences(to resources: inout [DesiredResource]) {
        for position in resources.indices {
            for reference in resources[position].document.references
            where !resources[position].dependencies.contains(reference.address) {
                resources[position].dependencies.append(reference.address)
            }
        }
    }
}

/// The definitions of all APIs of an environment.
private struct Definitions {
    /// A file, and how its base path is taken.
    struct Source: Hashable, Comparable {
        let path: String
        let basePath: OpenAPIReader.BasePath

        init?(_ manifest: RestAPIManifest) {
            guard case .file(let path, _) = manifest.definition else { return nil }
            self.path = path
            basePath = manifest.basePath
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.path, left.basePath.rawValue) < (right.path, right.basePath.rawValue)
        }
    }

    var files: [Source: DefinitionReading] = [:]
    /// By the API's name.
    var inline: [String: DefinitionReading] = [:]

    var all: [DefinitionReading] { Array(files.values) + Array(inline.values) }

    func reading(of manifest: RestAPIManifest) -> DefinitionReading? {
        switch manifest.definition {
        case .file: Source(manifest).flatMap { files[$0] }
        case .inline: inline[manifest.document.name]
        case .none: nil
        }
    }
}

extension Diagnostic {
    static func tooManyBytes(_ what: String, at spans: [SourceSpan]) -> Diagnostic {
        Diagnostic(
            .error, ManifestCode.tooManyBytes, "\(what) have more than \(Limits.bytesAltogether >> 20) MiB altogether",
            at: spans, remedy: "list only folders with manifests, or split the environment")
    }

    static func tooLarge(_ path: String, _ limit: Int, at span: SourceSpan?) -> Diagnostic {
        Diagnostic(
            .error, ManifestCode.fileTooLarge, "`\(path)` has more than \(limit >> 20) MiB",
            at: span ?? SourceSpan(file: path, line: 1, column: 1), remedy: "split it")
    }
}
