extension FileTree {
    /// The bytes of listed files, in their order; nil for one that is gone. Read in batches that a tree can hold at once.
    func read(listed entries: [TreeEntry], byteLimit: Int) async throws(TreeFailure) -> [[UInt8]?] {
        var contents: [[UInt8]?] = []
        contents.reserveCapacity(entries.count)
        var batch: [String] = []
        var bytes = 0
        for entry in entries {
            if bytes + entry.byteCount > Limits.batchBytes, !batch.isEmpty {
                contents += try await read(batch, byteLimit: byteLimit)
                batch = []
                bytes = 0
            }
            batch.append(entry.path)
            bytes += entry.byteCount
        }
        if !batch.isEmpty { contents += try await read(batch, byteLimit: byteLimit) }
        return contents
    }
}
