import GitSource
import JSON
import Manifests

/// What the outcome of loading one environment of one commit depended on; equal inputs give equal outcomes, so that a
/// commit which changes none of them is no work.
///
/// Exact: a file that is read, the list of files that may be manifests under a listed folder, the Environment's own
/// document. Nothing else of the repository is among them.
struct TreeInputs: Equatable, Sendable {
    /// What of `gatewright.yaml` counts; nil where the file is among ``files`` as a whole.
    private let configuration: String?
    /// What stands at the files that were read; those that were not there have none.
    private let files: [String: String]
    /// What stands at the folders: where it is the same, so is everything in them.
    private let folders: [String: String]
    private let filePaths: [String]
    private let folderPaths: [String]
    /// Paths under the folders that may be manifests, in order.
    private let candidates: [String]

    init(of result: LoadResult, in tree: CommitTree) async throws(TreeFailure) {
        configuration = result.configuration
        filePaths = result.filesRead.filter { result.configuration == nil || $0 != result.configurationPath }
        folderPaths = result.foldersRead
        files = try await tree.contents(at: filePaths)
        folders = try await tree.contents(at: folderPaths)
        candidates = result.candidates.sorted()
    }

    /// True if the other commit has the same in all of this. Where no folder has changed, nothing is listed.
    func areSame(
        in tree: CommitTree, for environment: String, _ loader: ManifestLoader
    ) async throws(TreeFailure) -> Bool {
        guard try await loader.configuration(of: environment, in: tree) == configuration else { return false }
        let standing = try await tree.contents(at: folderPaths)
        let changed = folderPaths.filter { standing[$0] != folders[$0] }
        let doubtful = filePaths.filter { path in
            let holder = folderPaths.first { $0.isEmpty || path == $0 || path.hasPrefix($0 + "/") }
            return holder.map(changed.contains) ?? true
        }
        let found = try await tree.contents(at: doubtful)
        guard doubtful.allSatisfy({ found[$0] == files[$0] }) else { return false }
        guard !changed.isEmpty else { return true }
        var listed: Set<String> = []
        for folder in folderPaths {
            for entry in try await tree.list(under: folder)
            where ManifestLoader.mayBeManifest(entry.path) || entry.path == folder {
                listed.insert(entry.path)
            }
        }
        return listed.sorted() == candidates
    }
}

extension TreeInputs {
    private static let format = "gatewright.inputs/v1"

    /// As it is kept beside the recorded state.
    var json: JSONValue {
        func map(_ values: [String: String]) -> JSONValue {
            .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        }
        func list(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
        return [
            "format": .string(Self.format), "configuration": configuration.map { .string($0) } ?? .null,
            "files": map(files), "folders": map(folders), "filePaths": list(filePaths),
            "folderPaths": list(folderPaths), "candidates": list(candidates),
        ]
    }

    /// Nil for what is not of this form: then a plan says what there is to do.
    init?(json: JSONValue) {
        func map(_ name: String) -> [String: String]? {
            guard let object = json[name]?.object else { return nil }
            return Dictionary(object.compactMap { name, value in value.string.map { (name, $0) } }) { first, _ in first
            }
        }
        func list(_ name: String) -> [String]? { json[name]?.array?.compactMap(\.string) }
        guard json["format"]?.string == Self.format, let files = map("files"), let folders = map("folders"),
            let filePaths = list("filePaths"), let folderPaths = list("folderPaths"),
            let candidates = list("candidates")
        else { return nil }
        configuration = json["configuration"]?.string
        self.files = files
        self.folders = folders
        self.filePaths = filePaths
        self.folderPaths = folderPaths
        self.candidates = candidates
    }
}
