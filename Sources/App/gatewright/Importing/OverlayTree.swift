import Manifests

/// The files of a tree, and others that are not written yet.
struct OverlayTree: FileTree {
    private let base: any FileTree
    private let files: [String: [UInt8]]

    /// - Parameter files: Bytes by path; they hide those of the tree.
    init(_ base: any FileTree, _ files: [String: [UInt8]]) {
        self.base = base
        self.files = files
    }

    func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
        let own = files.filter { path.isEmpty || $0.key == path || $0.key.hasPrefix(path + "/") }
        let entries = try await base.list(under: path).filter { files[$0.path] == nil }
        return (entries + own.map { TreeEntry(path: $0.key, byteCount: $0.value.count) })
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
        guard let bytes = files[path] else { return try await base.read(path, byteLimit: byteLimit) }
        guard bytes.count <= byteLimit else {
            throw TreeFailure(.fileTooLarge, "`\(path)` has \(bytes.count) bytes, at most \(byteLimit) are read")
        }
        return bytes
    }
}
