import Glibc

/// A folder of its own, removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/gatewright-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Refused() }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink("\(path)/\(name)")
            }
            closedir(folder)
        }
        rmdir(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    struct Refused: Error {}
}

/// Overwrites bytes of a file, or makes it.
func write(_ bytes: [UInt8], to path: String, at offset: Int = 0) {
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    pwrite(file, bytes, bytes.count, offset)
    close(file)
}

func read(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = pread(file, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
}
