import GitSource
import Manifests

/// What the outcome of loading one commit depended on; equal inputs give equal outcomes, so that a commit which changes
/// none of them is no work.
struct TreeInputs: Equatable {
    private let files: [String]
    private let folders: [String]
    /// Of the files that were read.
    private let blobs: [String: BlobID]
    /// Paths under the folders.
    private let listing: Set<String>

    init(of result: LoadResult, in tree: CommitTree) async throws(TreeFailure) {
        try await self.init(files: result.filesRead, folders: result.foldersRead, in: tree)
    }

    private init(files: [String], folders: [String], in tree: CommitTree) async throws(TreeFailure) {
        self.files = files
        self.folders = folders
        let listed = try await tree.blobs(under: folders)
        var blobs: [String: BlobID] = [:]
        var missing: [String] = []
        for path in files {
            if let blob = listed[path] { blobs[path] = blob } else { missing.append(path) }
        }
        blobs.merge(try await tree.blobs(under: missing).filter { missing.contains($0.key) }) { first, _ in first }
        self.blobs = blobs
        listing = Set(listed.keys)
    }

    /// True if the other commit has the same in all of this.
    func areSame(in tree: CommitTree) async throws(TreeFailure) -> Bool {
        try await TreeInputs(files: files, folders: folders, in: tree) == self
    }
}
