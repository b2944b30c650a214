/// A tree in memory, where scripts may be executed and nothing else.
package struct DictionaryTree: FileTree {
    private let files: [String: [UInt8]]
    private let entries: [TreeEntry]

    /// - Parameter files: Bytes by path relative to the root.
    package init(_ files: [String: [UInt8]]) {
        self.files = files
        entries = files.map { path, bytes in
            var entry = TreeEntry(path: path, byteCount: bytes.count)
            entry.isExecutable = bytes.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "!")])
            return entry
        }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    package init(texts: [String: String]) { self.init(texts.mapValues { Array($0.utf8) }) }

    package func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
        path.isEmpty ? entries : entries.filter { $0.path == path || $0.path.hasPrefix(path + "/") }
    }

    package func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
        guard let bytes = files[path] else { return nil }
        guard bytes.count <= byteLimit else {
            throw TreeFailure(.fileTooLarge, "`\(path)` has \(bytes.count) bytes, at most \(byteLimit) are read")
        }
        return bytes
    }
}
