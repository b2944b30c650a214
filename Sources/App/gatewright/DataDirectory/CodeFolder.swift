import Bytes
import Crypto
import Glibc
import Resources

/// The code of functions that was applied, a file for each hash: what an apply takes back is at hand although the commit
/// it came from may not be, and although the target gives no code back.
struct CodeFolder: CodeShelf {
    let directory: DataDirectory

    /// LIMIT: bytes of one archive, the most that the service takes.
    private static let bytesMax = 50 << 20

    func keep(_ archive: CodeArchive) throws(ProviderFailure) {
        do throws(DataDirectoryFailure) {
            try prepare()
            let path = path(archive.hash)
            // A damaged file is made anew.
            if let kept = try FileText.bytes(of: path, bytesMax: Self.bytesMax + 1), kept == archive.bytes { return }
            try FileText.write(archive.bytes, to: path, mode: 0o600)
        } catch {
            throw ProviderFailure(
                .codeMissing, "the code `\(archive.hash)` could not be kept", effect: .none, cause: error)
        }
    }

    func code(_ hash: String) throws(ProviderFailure) -> [UInt8] {
        let bytes: [UInt8]?
        do {
            bytes = try FileText.bytes(of: path(hash), bytesMax: Self.bytesMax + 1)
        } catch {
            throw ProviderFailure(.codeMissing, "the code `\(hash)` cannot be read", effect: .none, cause: error)
        }
        guard let bytes else {
            throw ProviderFailure(.codeMissing, "the code `\(hash)` is not kept here", effect: .none)
        }
        guard Base64.text(of: Array(SHA256.hash(data: bytes))) == hash else {
            throw ProviderFailure(.codeMissing, "the code `\(hash)` is damaged", effect: .none)
        }
        return bytes
    }

    private func path(_ hash: String) -> String { "\(directory.codePath)/\(Self.name(hash))" }

    /// Base64 has a `/`, which no file name has.
    private static func name(_ hash: String) -> String {
        let name = hash.map { $0 == "/" ? "_" : $0 == "+" ? "-" : $0 }.filter { $0 != "=" && $0 != "." }
        return "\(String(name).prefix(64)).zip"
    }

    // MARK: Pruning

    /// A lock on this file is the lease: shared by those who apply, whole for the one who prunes. It ends with the process.
    private static let lockName = "lock"

    func lease() throws(ProviderFailure) -> CodeLease? { try lock(LOCK_SH) }

    func pruningLease() throws(ProviderFailure) -> CodeLease? {
        // Where nothing was ever kept nothing is pruned.
        access(directory.codePath, F_OK) == 0 ? try lock(LOCK_EX) : nil
    }

    private func lock(_ kind: Int32) throws(ProviderFailure) -> CodeLease? {
        do throws(DataDirectoryFailure) {
            try prepare()
            let path = "\(directory.codePath)/\(Self.lockName)"
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw DataDirectoryFailure(errno: errno, doing: "open `\(path)`") }
            guard flock(descriptor, kind | LOCK_NB) == 0 else {
                let number = errno
                close(descriptor)
                guard number == EWOULDBLOCK || number == EINTR else {
                    throw DataDirectoryFailure(errno: number, doing: "lock `\(path)`")
                }
                return nil
            }
            return CodeLease { close(descriptor) }
        } catch {
            throw ProviderFailure(.codeMissing, "the kept code cannot be used", effect: .none, cause: error)
        }
    }

    private func prepare() throws(DataDirectoryFailure) {
        try directory.prepare()
        if unsafe mkdir(directory.codePath, 0o700) != 0, errno != EEXIST {
            throw DataDirectoryFailure(errno: errno, doing: "make the folder `\(directory.codePath)`")
        }
    }

    /// What a process that ended left half written goes too.
    func removeAll(but hashes: Set<String>) throws(ProviderFailure) -> Int {
        let kept = Set(hashes.map(Self.name) + [Self.lockName])
        guard let folder = unsafe opendir(directory.codePath) else { return 0 }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != "..", !kept.contains(name) { names.append(name) }
        }
        var count = 0
        for name in names {
            let path = "\(directory.codePath)/\(name)"
            // A folder is nobody's of ours.
            guard unsafe unlink(path) == 0 || errno == ENOENT || errno == EISDIR || errno == EPERM else {
                let cause = DataDirectoryFailure(errno: errno, doing: "remove `\(path)`")
                throw ProviderFailure(.codeMissing, "old code cannot be removed", effect: .none, cause: cause)
            }
            count += 1
        }
        return count
    }
}
