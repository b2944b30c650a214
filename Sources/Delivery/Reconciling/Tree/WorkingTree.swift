import Glibc
package import Manifests

/// The files of a folder as they are now, committed or not: what `validate` and `--worktree` read.
///
/// Symbolic links are neither followed nor listed; a path that leads through one is not there.
package struct WorkingTree: FileTree {
    private let root: String

    /// - Parameter root: A folder; relative to the current one unless it starts with `/`.
    package init(_ root: String) { self.root = root.isEmpty ? "." : root }

    package func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
        guard Self.isInside(path) else { return [] }
        var walk = Walk()
        try walk.collect(try openFolder(path.split(separator: "/").dropLast()), path)
        return walk.entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    package func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
        let parts = path.split(separator: "/")
        guard Self.isInside(path), let name = parts.last, let folder = try openFolder(parts.dropLast()) else {
            return nil
        }
        defer { close(folder) }
        // Not blocking on a pipe that stands where a file should.
        let file = openat(folder, String(name), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return try Self.absent(path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: min(Int(status.st_size), byteLimit) + 1)
        var count = 0
        while true {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Self.failure("`\(path)` could not be read") }
            count += got
            guard count <= byteLimit else {
                throw TreeFailure(.fileTooLarge, "`\(path)` has more than \(byteLimit) bytes, which are the most read")
            }
            if got == 0 { return Array(bytes[..<count]) }
            // It grew while it was read.
            if count == bytes.count { bytes += [UInt8](repeating: 0, count: 64 << 10) }
        }
    }

    /// No part may lead out or hide.
    private static func isInside(_ path: String) -> Bool {
        !path.hasPrefix("/") && !path.utf8.contains(0) && !path.isHidden
            && !path.split(separator: "/").contains { $0 == "." || $0 == ".." }
    }

    /// The folder that the parts lead to from the root; nil if there is none, or a link is in the way.
    private func openFolder(_ parts: some Sequence<Substring>) throws(TreeFailure) -> Int32? {
        var folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Self.failure("the folder `\(root)` could not be opened") }
        for part in parts {
            let next = openat(folder, String(part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let reason = errno
            close(folder)
            guard next >= 0 else {
                errno = reason
                return try Self.absent(String(part))
            }
            folder = next
        }
        return folder
    }

    /// Nil for what is not there or is a link; anything else is a failure.
    fileprivate static func absent<Value>(_ path: String) throws(TreeFailure) -> Value? {
        guard [ENOENT, ENOTDIR, ELOOP, EMLINK, ENAMETOOLONG, ENXIO].contains(errno) else {
            throw failure("`\(path)` could not be opened")
        }
        return nil
    }

    fileprivate static func failure(_ message: String) -> TreeFailure {
        let reason = strerror(errno).map { String(cString: $0) } ?? "no reason is given"
        return TreeFailure(.unreadable, "\(message): \(reason)")
    }
}

/// Collects the files under a path.
private struct Walk {
    private(set) var entries: [TreeEntry] = []

    /// - Parameters:
    ///   - parent: The open folder that holds the last part of `path`; closed here.
    mutating func collect(_ parent: Int32?, _ path: String) throws(TreeFailure) {
        guard let parent else { return }
        guard let name = path.split(separator: "/").last else { return try walk(parent, "", depth: 0) }
        defer { close(parent) }
        try visit(parent, String(name), path, depth: path.split(separator: "/").count)
    }

    /// Closes `folder`.
    private mutating func walk(_ folder: Int32, _ path: String, depth: Int) throws(TreeFailure) {
        guard depth <= Limits.folderDepthMax else {
            close(folder)
            throw TreeFailure(
                .unreadable, "`\(path.prefix(80))…` is more than \(Limits.folderDepthMax) folders deep")
        }
        guard let stream = fdopendir(folder) else {
            let failure = WorkingTree.failure("the folder `\(path)` could not be read")
            close(folder)
            throw failure
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    String(validatingCString: $0)
                }
            }
            guard let name, name != ".", name != "..", !name.isHidden else { continue }
            try visit(folder, name, path.isEmpty ? name : "\(path)/\(name)", depth: depth + 1)
        }
    }

    private mutating func visit(
        _ folder: Int32, _ name: String, _ path: String, depth: Int
    ) throws(TreeFailure) {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            let _: Void? = try WorkingTree.absent(path)
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            guard entries.count < Limits.filesMax else {
                throw TreeFailure(.unreadable, "more than \(Limits.filesMax) files are under one folder")
            }
            // As git has it: what its owner may run.
            let isExecutable = status.st_mode & S_IXUSR != 0
            entries.append(TreeEntry(path: path, byteCount: Int(status.st_size), isExecutable: isExecutable))
        case S_IFDIR:
            let next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else {
                let _: Void? = try WorkingTree.absent(path)
                return
            }
            try walk(next, path, depth: depth)
        default: break
        }
    }
}
