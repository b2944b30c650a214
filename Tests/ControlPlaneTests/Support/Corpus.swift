import Glibc

/// The recorded answers, where they are installed.
enum Corpus {
    static let folder: String? = getenv("GATEWRIGHT_CORPORA").map { String(cString: $0) }

    struct Unreadable: Error { var path: String }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let folder else { throw Unreadable(path: path) }
        return try read("\(folder)/\(path)")
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }
}
