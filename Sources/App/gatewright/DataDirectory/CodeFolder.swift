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
            try directory.prepare()
            if unsafe mkdir(directory.codePath, 0o700) != 0, errno != EEXIST {
                throw DataDirectoryFailure(errno: errno, doing: "make the folder `\(directory.codePath)`")
            }
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

    /// Base64 has a `/`, which no file name has.
    private func path(_ hash: String) -> String {
        let name = hash.map { $0 == "/" ? "_" : $0 == "+" ? "-" : $0 }.filter { $0 != "=" && $0 != "." }
        return "\(directory.codePath)/\(String(name).prefix(64)).zip"
    }
}
