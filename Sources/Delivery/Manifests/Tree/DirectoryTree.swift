import Diagnostics
import Glibc

/// A working tree: the files of a folder as they are now. `.git` and `.gatewright` are left out, symbolic links are
/// neither listed nor followed.
///
/// Calls block for as long as the disk takes: for commands, not for services.
package struct DirectoryTree: FileTree {
    private let root: String

    /// - Parameter root: The folder that paths are relative to.
    package init(_ root: String) { self.root = root }

    package func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
        var entries: [TreeEntry] = []
        guard let information = try information(path) else { return [] }
        switch information.st_mode & S_IFMT {
        case S_IFREG: entries.append(TreeEntry(path: path, byteCount: Int(information.st_size)))
        case S_IFDIR:
            // Without recursion, and with an end: one past the limit is enough for the loader to refuse the rest.
            var folders = [path]
            while let folder = folders.popLast(), entries.count <= Limits.files {
                try list(folder, into: &entries, &folders)
            }
        default: break
        }
        return entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private func list(
        _ folder: String, into entries: inout [TreeEntry], _ folders: inout [String]
    ) throws(TreeFailure) {
        for name in try names(in: folder) where name != ".git" && name != ".gatewright" {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            guard let information = try information(path) else { continue }
            switch information.st_mode & S_IFMT {
            case S_IFREG: entries.append(TreeEntry(path: path, byteCount: Int(information.st_size)))
            case S_IFDIR: folders.append(path)
            default: break
            }
        }
    }

    private func names(in folder: String) throws(TreeFailure) -> [String] {
        guard let directory = opendir(location(folder)) else { throw failure("list the folder `\(folder)`") }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            // A name that is not UTF-8 cannot be named in a manifest.
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    package func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
        guard try !isBehindLink(path) else { return nil }
        // Not blocking: what stands there may have become a pipe since it was listed.
        let descriptor = open(location(path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if [ENOENT, ENOTDIR, ELOOP, ENXIO, ENAMETOOLONG].contains(errno) { return nil }
            throw failure("open `\(path)`")
        }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw failure("look at `\(path)`") }
        guard information.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(information.st_size)
        guard size <= byteLimit else {
            throw TreeFailure(.fileTooLarge, "`\(path)` has \(size) bytes, at most \(byteLimit) are read")
        }
        // One byte more than there should be: a file that grows is not cut silently.
        var bytes = [UInt8](repeating: 0, count: size + 1)
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw failure("read `\(path)`") }
            if read == 0 { break }
            count += read
        }
        guard count <= size else {
            throw TreeFailure(.unreadable, "`\(path)` changed while it was read", recovery: .retry(after: .seconds(1)))
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// True if a folder on the way is a link: the last part has been looked at already.
    private func isBehindLink(_ path: String) throws(TreeFailure) -> Bool {
        var folder = TreePath.folder(of: path)
        while !folder.isEmpty {
            guard let information = try information(folder), information.st_mode & S_IFMT == S_IFDIR else {
                return true
            }
            folder = TreePath.folder(of: folder)
        }
        return false
    }

    /// Of the entry itself, not of what a link leads to; nil if there is none.
    private func information(_ path: String) throws(TreeFailure) -> stat? {
        var result = stat()
        if lstat(location(path), &result) == 0 { return result }
        if errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG { return nil }
        throw failure("look at `\(path)`")
    }

    private func location(_ path: String) -> String { path.isEmpty ? root : "\(root)/\(path)" }

    private func failure(_ doing: String) -> TreeFailure {
        let reason = String(cString: strerror(errno))
        return TreeFailure(.unreadable, "could not \(doing): \(reason)", recovery: .retry(after: .seconds(5)))
    }
}
