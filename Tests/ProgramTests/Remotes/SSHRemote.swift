import Foundation
import Glibc
import Testing

/// An sshd of this test's own, on loopback, that lets the current user in by key.
struct SSHRemote {
    let program: Program
    let port: Int
    let folder: String
    private let remote: Remote

    static var reasonMissing: String? {
        for tool in ["ssh-keygen", "ssh-agent", "ssh-add"] where !Program.isInstalled(tool) {
            return "\(tool) is not installed"
        }
        guard FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd") else { return "sshd is not installed" }
        guard getuid() == 0 else { return nil }
        // sshd started by root insists on it.
        return mkdir("/run/sshd", 0o755) == 0 || errno == EEXIST ? nil : "/run/sshd cannot be made"
    }

    /// - Parameter hostKey: A type for ssh-keygen.
    static func start(_ remote: Remote, hostKey: String = "ed25519") async throws -> SSHRemote {
        let folder = try remote.workspace.folder("sshd-" + UUID().uuidString.prefix(6))
        try await keygen(remote.workspace, folder + "/host", hostKey)
        try Data().write(to: URL(filePath: folder + "/authorized"))
        let (program, port) = try await remote.serve("/usr/sbin/sshd") { port in
            let configuration = """
                Port \(port)
                ListenAddress 127.0.0.1
                HostKey \(folder)/host
                AuthorizedKeysFile \(folder)/authorized
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin yes
                PidFile none
                """
            try configuration.write(toFile: folder + "/config", atomically: true, encoding: .utf8)
            return ["-D", "-e", "-f", folder + "/config"]
        }
        return SSHRemote(program: program, port: port, folder: folder, remote: remote)
    }

    static func keygen(_ workspace: Workspace, _ path: String, _ type: String, passphrase: String = "") async throws {
        let bits = type == "rsa" ? ["-b", "2048"] : []
        let made = try await Program.run(
            "ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path] + bits, workspace)
        try #require(made.status == 0, "\(made)")
    }

    var user: String { String(cString: getpwuid(getuid()).pointee.pw_name) }
    var url: String { "ssh://\(user)@127.0.0.1:\(port)\(remote.bare)" }

    /// A line of known_hosts for this server.
    func known(marker: String = "") throws -> String {
        let key = try String(contentsOfFile: folder + "/host.pub", encoding: .utf8).split(separator: " ")
        return "\(marker)[127.0.0.1]:\(port) \(key[0]) \(key[1])\n"
    }

    func trust(_ text: String) throws {
        try text.write(toFile: remote.workspace.path + "/known_hosts", atomically: true, encoding: .utf8)
    }

    /// - Returns: The private key's file; the server lets it in.
    func userKey(_ type: String = "ed25519", passphrase: String = "") async throws -> String {
        let path = folder + "/user-" + UUID().uuidString.prefix(6)
        try await Self.keygen(remote.workspace, path, type, passphrase: passphrase)
        let line = try String(contentsOfFile: path + ".pub", encoding: .utf8)
        let file = try FileHandle(forWritingTo: URL(filePath: folder + "/authorized"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(line.utf8))
        try file.close()
        return path
    }
}
