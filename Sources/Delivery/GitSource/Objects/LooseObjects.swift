import CLibgit2
import Glibc

/// Checks objects that are files of their own before libgit2 reads them.
///
/// libgit2 1.5.1 reads such a file that was cut off for ever: its inflating goes on while output is missing and never
/// sees that the input has ended (`git_zstream_get_output`; found by a test, read in its source in November 2026).
/// Packed objects have no such fault.
struct LooseObjects {
    /// The repository's own folder of objects, then its alternates.
    private let folders: [String]

    /// LIMIT: alternates of alternates are followed this often, as git does.
    private static let alternateDepthMax = 5

    init(of repository: OpaquePointer) {
        guard let common = git_repository_commondir(repository) else {
            folders = []
            return
        }
        var folders: [String] = []
        var open = [(folder: String(cString: common) + "objects", depth: 0)]
        while let (folder, depth) = open.popLast() {
            guard !folders.contains(folder), depth <= Self.alternateDepthMax else { continue }
            folders.append(folder)
            for line in Self.lines(of: folder + "/info/alternates") where !line.hasPrefix("#") {
                open.append((line.hasPrefix("/") ? line : folder + "/" + line, depth + 1))
            }
        }
        self.folders = folders
    }

    private static func lines(of path: String) -> [String] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return bytes[..<count].split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// False if the object is a file whose compressed stream has no end; what else is wrong, libgit2 finds.
    func isComplete(_ id: git_oid) -> Bool {
        let hex = CommitID(id).hex
        let name = "/" + hex.prefix(2) + "/" + hex.dropFirst(2)
        for folder in folders {
            let file = open(folder + name, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { continue }
            defer { close(file) }
            return Self.hasEnd(file)
        }
        return true
    }

    private static func hasEnd(_ file: Int32) -> Bool {
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return false }
        defer { inflateEnd(&stream) }
        let chunk = 1 << 16
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * chunk) { buffer in
            guard let input = buffer.baseAddress else { return false }
            var inflated = 0
            while true {
                let count = read(file, input, chunk)
                guard count > 0 else { return false }
                stream.next_in = input
                stream.avail_in = UInt32(count)
                repeat {
                    stream.next_out = input + chunk
                    stream.avail_out = UInt32(chunk)
                    let result = inflate(&stream, Z_NO_FLUSH)
                    if result == Z_STREAM_END { return true }
                    // Not a stream at all: libgit2 says so.
                    guard result == Z_OK || result == Z_BUF_ERROR else { return true }
                    inflated += chunk - Int(stream.avail_out)
                    guard inflated <= Limits.objectBytesMax else { return false }
                } while stream.avail_out == 0
            }
        }
    }
}
