/// Paths of files in a folder of code: those that stay in it.
enum CodePath {
    /// - Throws: `functions.archive-invalid`.
    static func parts(_ path: String) throws(FunctionsFailure) -> [String] {
        guard path.utf8.count <= Limits.codePathBytesMax else {
            throw .archiveInvalid("it has a path of more than \(Limits.codePathBytesMax) bytes")
        }
        guard !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            throw .archiveInvalid("a path has a control character or a backslash")
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." || $0.utf8.count > 255 }) else {
            throw .archiveInvalid("`\(path)` would not stay in its folder")
        }
        guard parts.count <= Limits.codePathDepthMax else {
            throw .archiveInvalid("`\(path)` is more than \(Limits.codePathDepthMax) folders deep")
        }
        return parts
    }
}
