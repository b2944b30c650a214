import ArgumentParser
import Diagnostics
import Glibc
import Manifests
import OpenAPI
import Reconciling
import Resources
import YAML

/// `gatewright import --from openapi FILE`: a document becomes manifests.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Turn an OpenAPI document into manifests, and say what it loses.")

    enum Kind: String, ExpressibleByArgument, CaseIterable { case openapi, cloudformation, sam }

    @Option(help: "What FILE is.")
    var from: Kind

    @Argument(help: "The document, in YAML or JSON.")
    var file: String

    @Option(help: "The folder of gatewright.yaml; one is written where none is.")
    var dir = "."

    @Option(help: "The folder inside DIR that the files go to.")
    var folder = "apis"

    @Option(help: "The API's name in manifests; made of the document's title by default.")
    var name: String?

    @Option(help: "The stage that serves it.")
    var stage = "test"

    @Option(help: "What becomes of the document's base path: ignore, prepend or split.")
    var basePath: OpenAPIReader.BasePath = .ignore

    @Flag(help: "Write over files that are there.")
    var force = false

    @Option(help: "How the report is printed.")
    var format: DiagnosticFormat = .text

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            guard from == .openapi else {
                throw CommandFailure(
                    .importNotOffered, "`--from \(from.rawValue)` is not offered: only OpenAPI documents are imported")
            }
            let bytes = try read()
            let made = DocumentImport(
                DocumentImport.Request(
                    file: file, bytes: bytes, name: name, folder: folder, stage: stage, basePath: basePath))
            let documents = DictionaryTree([file: bytes])
            guard !made.diagnostics.hasErrors, !made.files.isEmpty else {
                try await print(made.diagnostics, documents, terminal)
                terminal.note("nothing was written")
                return .error
            }
            return try await write(made, documents, terminal)
        }
    }
}

extension ImportCommand {
    func validate() throws {
        let parts = folder.split(separator: "/", omittingEmptySubsequences: false)
        if !folder.isEmpty, parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
            throw ValidationError("--folder is a path inside DIR, such as apis")
        }
        if let name, !TextPattern.manifestName.matches(name) {
            throw ValidationError("--name takes small letters, digits and dashes")
        }
    }

    private func read() throws -> [UInt8] {
        let limit = YAMLLimits.definition.bytesMax
        guard let text = try FileText.read(file, bytesMax: limit + 1) else {
            throw CommandFailure(.fileMissing, "there is no file `\(file)`")
        }
        return Array(text.utf8)
    }

    private func write(
        _ made: DocumentImport, _ documents: DictionaryTree, _ terminal: Terminal
    ) async throws -> ExitStatus {
        var files = made.files
        let tree = WorkingTree(dir)
        if try await tree.read("gatewright.yaml", byteLimit: 1 << 20) == nil {
            files.append(("gatewright.yaml", DocumentImport.configuration(folder.isEmpty ? "." : folder)))
        }
        for (path, _) in files where !force && access("\(dir)/\(path)", F_OK) == 0 {
            throw CommandFailure(.fileExists, "`\(dir)/\(path)` is there already: nothing was written")
        }
        let contents = Dictionary(files.map { ($0.path, Array($0.text.utf8)) }) { $1 }
        let checked = try await check(made.name, OverlayTree(tree, contents))
        guard !checked.diagnostics.hasErrors else {
            try await print(checked.diagnostics, OverlayTree(tree, contents), terminal)
            terminal.note("nothing was written")
            return .error
        }
        for (path, text) in files {
            try makeFolders(path)
            try FileText.write(text, to: "\(dir)/\(path)", mode: 0o644)
        }
        try await print(made.diagnostics, documents, terminal)
        if !checked.diagnostics.isEmpty {
            try await print(checked.diagnostics, OverlayTree(tree, contents), terminal)
        }
        guard format == .text else { return .done }
        terminal.say(
            "wrote \(files.map { "`\($0.path)`" }.joined(separator: ", ")): \(checked.routes) "
                + "\(checked.routes == 1 ? "route" : "routes") of `RestApi/\(made.name)`")
        if !checked.isListed {
            terminal.note("no environment of `\(dir)/gatewright.yaml` lists `\(files[0].path)` in its `spec.manifests`")
        }
        return .done
    }

    private struct Checked {
        var diagnostics: [Diagnostic] = []
        var isListed = false
        var routes = 0
    }

    /// Loads every environment with the new files in it. What only the engine cannot serve is a warning: the manifests
    /// are right, and another target may serve it.
    private func check(_ name: String, _ tree: OverlayTree) async throws -> Checked {
        let loader = ManifestLoader(checks: [TemplateCheck.check])
        let found = try await loader.environments(in: tree)
        var checked = Checked(diagnostics: found.diagnostics)
        for environment in found.names {
            let result = try await loader.load(environment: environment, from: tree)
            var problems = result.diagnostics.filter { $0.severity == .error }
            if let graph = result.graph {
                let own = graph.resources.filter { $0.address.root == name }
                checked.isListed = checked.isListed || !own.isEmpty
                checked.routes = max(checked.routes, own.count { $0.address.kind == .method })
                problems = EngineCheck.check(graph).map { problem in
                    var problem = problem
                    problem.severity = .warning
                    return problem
                }
            }
            checked.diagnostics += problems.filter { !checked.diagnostics.contains($0) }
        }
        return checked
    }

    private func makeFolders(_ path: String) throws {
        var folder = dir
        for part in [""] + path.split(separator: "/").dropLast().map({ "/" + $0 }) {
            folder += part
            guard mkdir(folder, 0o755) != 0, errno != EEXIST else { continue }
            throw DataDirectoryFailure(errno: errno, doing: "make the folder `\(folder)`")
        }
    }

    private func print(_ diagnostics: [Diagnostic], _ tree: any FileTree, _ terminal: Terminal) async throws {
        guard !diagnostics.isEmpty || format == .json else { return }
        terminal.write(try await DiagnosticPrinter(tree: tree).text(diagnostics, format, isColoured: terminal.colour))
    }
}

extension OpenAPIReader.BasePath: ExpressibleByArgument {}
