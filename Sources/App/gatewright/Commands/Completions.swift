import ArgumentParser
import Manifests
import Reconciling

extension CompletionKind {
    /// The environments of the current folder's configuration; none where it cannot be read.
    static var environments: CompletionKind {
        .custom { @Sendable (_: [String], _: Int, _: String) async -> [String] in
            do {
                return try await ManifestLoader.checking(repoPath: "").environments(in: WorkingTree(".")).names
            } catch {
                return []
            }
        }
    }
}
