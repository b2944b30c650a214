import Glibc

/// Files of the data directory.
enum FileText {
    /// - Parameter bytesMax: What is more is not read.
    /// - Returns: Nil when there is no such file.
    static func read(_ path: String, bytesMax: Int = 1 << 20) throws(DataDirectoryFailure) -> String? {
        try bytes(of: path, bytesMax: bytesMax).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same for a file that is no text.
    static func bytes(of path: String, bytesMax: Int) throws(DataDirectoryFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw DataDirectoryFailure(errno: errno, doing: "read `\(path)`")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < bytesMax {
            let count = unsafe Glibc.read(descriptor, &part, part.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw DataDirectoryFailure(errno: errno, doing: "read `\(path)`")
            }
            if count == 0 { break }
            bytes += part[..<count]
        }
        return bytes
    }

    /// Whole or not at all: written beside, synchronised, then moved into place.
    ///
    /// - Parameter isReplacing: False leaves a file that is there as it is.
    static func write(
        _ text: String, to path: String, mode: mode_t, isReplacing: Bool = true
    ) throws(DataDirectoryFailure) {
        try write(Array(text.utf8), to: path, mode: mode, isReplacing: isReplacing)
    }

    /// The same for a file that is no text.
    static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t, isReplacing: Bool = true
    ) throws(DataDirectoryFailure) {
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw DataDirectoryFailure(errno: errno, doing: "write `\(path)`") }
        var rest = bytes[...]
        var problem: Int32 = 0
        while !rest.isEmpty, problem == 0 {
            let count = rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno != EINTR { problem = errno }
            } else {
                rest = rest.dropFirst(count)
            }
        }
        if problem == 0, fsync(descriptor) != 0 { problem = errno }
        close(descriptor)
        if problem == 0, !isReplacing {
            // A file system without links is left to the last writer.
            if link(temporary, path) == 0 || errno == EEXIST {
                unlink(temporary)
                return
            }
        }
        if problem == 0, rename(temporary, path) != 0 { problem = errno }
        if problem != 0 {
            unlink(temporary)
            throw DataDirectoryFailure(errno: problem, doing: "write `\(path)`")
        }
    }
}
