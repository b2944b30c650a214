import Crypto
import Diagnostics
import FoundationEssentials
import Glibc

/// Folders with the code of functions, each under the hash of its content. A folder is there whole or not at all, is
/// never changed, and nobody can write to it.
package struct CodeStore: Sendable {
    /// Everybody must be able to enter it where functions get users of their own.
    package let root: String

    package init(root: String) { self.root = root }

    /// A folder of the store.
    package struct Folder: Sendable, Hashable {
        package var path: String
        /// SHA-256 over paths, modes and contents, in hex.
        package var hash: String
    }

    /// Unpacks an archive, unless its content is there already. Blocks.
    ///
    /// - Throws: `functions.archive-invalid`, `functions.archive-too-large`, `functions.code-not-kept`.
    package func keep(zip bytes: [UInt8]) throws(FunctionsFailure) -> Folder { try keep(ZipArchive.files(bytes)) }

    /// Writes a folder, unless its content is there already. Blocks.
    ///
    /// - Throws: As ``keep(zip:)``: paths are checked as an archive's are.
    package func keep(_ files: [CodeFile]) throws(FunctionsFailure) -> Folder {
        let tree = try Self.checked(files)
        let hash = Self.hash(tree)
        let folder = Folder(path: root + "/" + hash, hash: hash)
        guard access(folder.path, F_OK) != 0 else { return folder }
        do {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            let unfinished = root + "/.new-" + Invocation.newRequestID()
            defer { Self.remove(unfinished) }
            try Self.write(tree, to: unfinished)
            // Two that write the same at once: the second finds it there.
            guard rename(unfinished, folder.path) == 0 || access(folder.path, F_OK) == 0 else {
                throw Self.refused(folder.path)
            }
            return folder
        } catch let failure as FunctionsFailure {
            throw failure
        } catch {
            throw FunctionsFailure(
                .codeNotKept, "the code could not be written to `\(root)`",
                recovery: .askOperator(runbook: "functions-code.md"), cause: error)
        }
    }

    /// False where somebody else has removed it, or where the store is new: a backup does not hold it.
    package func has(_ hash: String) -> Bool { access(root + "/" + hash, F_OK) == 0 }

    /// Removes a folder that no function has any more. Blocks.
    package func remove(_ hash: String) {
        guard hash.utf8.count == 64, hash.utf8.allSatisfy({ Self.digits.contains($0) }) else { return }
        Self.remove(root + "/" + hash)
    }

    /// Removes all but these, and what was never finished. Blocks.
    package func removeAll(but hashes: Set<String>) {
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: root) {
                if name.hasPrefix(".new-") { Self.remove(root + "/" + name) }
                if !hashes.contains(name) { remove(name) }
            }
        } catch {
            // There is no such folder yet.
            return
        }
    }

    // MARK: Content

    private struct Item {
        var parts: [String]
        var file: CodeFile
    }

    /// In the order of their paths; no path twice, none below another file.
    private static func checked(_ files: [CodeFile]) throws(FunctionsFailure) -> [Item] {
        guard files.count <= Limits.codeFilesMax else {
            throw .archiveTooLarge("the code has \(files.count) files; \(Limits.codeFilesMax) are the most")
        }
        guard files.reduce(0, { $0 + $1.bytes.count }) <= Limits.codeBytesMax else {
            throw .archiveTooLarge("the code has more than \(Limits.codeBytesMax) bytes")
        }
        var items: [Item] = []
        var seen: Set<[String]> = []
        for file in files {
            let parts = try CodePath.parts(file.path)
            guard seen.insert(parts).inserted else { throw .archiveInvalid("`\(file.path)` is in it twice") }
            items.append(Item(parts: parts, file: file))
        }
        for item in items {
            for count in 1..<max(item.parts.count, 1) where seen.contains(Array(item.parts.prefix(count))) {
                throw .archiveInvalid("`\(item.file.path)` is below another file")
            }
        }
        return items.sorted { $0.file.path.utf8.lexicographicallyPrecedes($1.file.path.utf8) }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hash(_ items: [Item]) -> String {
        var hash = SHA256()
        for item in items {
            // Lengths go first, so that no two trees give the same bytes.
            let file = item.file
            let head = "\(file.path.utf8.count) \(file.path) \(file.isExecutable) \(file.bytes.count) "
            hash.update(data: Array(head.utf8))
            hash.update(data: file.bytes)
        }
        return String(
            decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    // MARK: Files

    private static func write(_ items: [Item], to folder: String) throws(FunctionsFailure) {
        var folders: Set<String> = []
        func makeFolder(_ path: String) throws(FunctionsFailure) {
            guard folders.insert(path).inserted else { return }
            guard mkdir(path, 0o700) == 0 else { throw refused(path) }
        }
        try makeFolder(folder)
        for item in items {
            var path = folder
            for part in item.parts.dropLast() {
                path += "/" + part
                try makeFolder(path)
            }
            try write(item.file, to: path + "/" + (item.parts.last ?? ""))
        }
        // Once nothing is to be added; the mode asked for is narrowed by the process's own mask.
        for path in folders where chmod(path, 0o555) != 0 { throw refused(path) }
    }

    private static func write(_ file: CodeFile, to path: String) throws(FunctionsFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refused(path) }
        defer { close(descriptor) }
        var rest = file.bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw refused(path)
            }
            rest = rest.dropFirst(count)
        }
        // The rename that follows is not to be on the disk before the content.
        guard fchmod(descriptor, file.isExecutable ? 0o555 : 0o444) == 0, fsync(descriptor) == 0 else {
            throw refused(path)
        }
    }

    private static func refused(_ path: String) -> FunctionsFailure {
        FunctionsFailure(
            .codeNotKept, "`\(path)` could not be written: errno \(errno)",
            recovery: .askOperator(runbook: "functions-code.md"))
    }

    /// What cannot be removed stays: no content of it is used again.
    private static func remove(_ path: String) {
        guard access(path, F_OK) == 0 else { return }
        do {
            // Only those who may write to a folder may remove what is in it.
            chmod(path, 0o700)
            for name in try FileManager.default.subpathsOfDirectory(atPath: path) { makeWritable(path + "/" + name) }
            try FileManager.default.removeItem(atPath: path)
        } catch {
            return
        }
    }

    /// Of a folder; a file keeps what it has.
    private static func makeWritable(_ path: String) {
        let file = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return }
        fchmod(file, 0o700)
        close(file)
    }
}
