import FoundationEssentials
import Glibc

/// Private keys in files and in an agent, as far as must be known before they are offered.
enum SSHKeys {
    enum FileState: Equatable {
        case absent
        /// Needs a passphrase, which is never asked for.
        case encrypted
        case usable(isRSA: Bool)
    }

    static func state(ofFile path: String) -> FileState {
        guard let text = SmallFile.text(path) else { return .absent }
        if text.contains("BEGIN OPENSSH PRIVATE KEY") {
            let body = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
            guard let data = Data(base64Encoded: body) else { return .usable(isRSA: false) }
            // "openssh-key-v1", a zero byte, then the cipher's name.
            let bytes = Array(data.dropFirst(15))
            if KnownHosts.type(of: bytes) != "none" { return .encrypted }
            return .usable(isRSA: Array(data).prefix(400).firstRange(of: Array("ssh-rsa".utf8)) != nil)
        }
        if text.contains("ENCRYPTED") { return .encrypted }
        return .usable(isRSA: text.contains("BEGIN RSA"))
    }

    /// The types of the keys that an agent holds; nil if it cannot be asked.
    ///
    /// SOURCE: draft-miller-ssh-agent, sections 4.4 and 5.1: request 11, answer 12.
    static func agentTypes(_ socketPath: String) -> [String]? {
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socketPath.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        var pause = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &pause, socklen_t(MemoryLayout<timeval>.size))
        let question: [UInt8] = [0, 0, 0, 1, 11]
        guard isConnected, send(file, question, question.count, Int32(MSG_NOSIGNAL)) == question.count,
            let head = receive(file, 9), head[4] == 12
        else { return nil }
        let count = head[5...].reduce(0) { $0 << 8 | Int($1) }
        // LIMIT: more keys than a server lets one try.
        var types: [String] = []
        for _ in 0..<min(count, 100) {
            guard let key = field(file), field(file) != nil else { break }
            types.append(KnownHosts.type(of: key))
        }
        return types
    }

    private static func field(_ file: Int32) -> [UInt8]? {
        guard let length = receive(file, 4) else { return nil }
        let count = length.reduce(0) { $0 << 8 | Int($1) }
        return count <= 64 << 10 ? receive(file, count) : nil
    }

    private static func receive(_ file: Int32, _ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var part = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(file, &part, part.count, 0)
            guard got > 0 else { return nil }
            bytes += part[..<got]
        }
        return bytes
    }
}

/// A file that is read whole, if it is there and small.
enum SmallFile {
    /// Nil for what cannot be read or has more than 1 MiB.
    static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= 1 << 20 {
            let count = read(file, &part, part.count)
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += part[..<count]
        }
        return nil
    }
}
