import Glibc

/// A small file system of its own, unmounted at the end.
final class Disk: Sendable {
    private let path: String
    private let workspace: Workspace

    /// - Returns: Nil where this machine does not let it be mounted.
    init?(_ path: String, size: String, _ workspace: Workspace) async throws {
        self.path = path
        self.workspace = workspace
        let output = try await Program.run("mount", ["-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path], workspace)
        guard output.status == 0 else { return nil }
    }

    func resize(_ size: String) async throws {
        let output = try await Program.run("mount", ["-o", "remount,size=\(size)", path], workspace)
        guard output.status == 0 else { throw TimedOut(what: "more room", seen: output.all) }
    }

    deinit { _ = umount2(path, Int32(MNT_DETACH)) }
}
