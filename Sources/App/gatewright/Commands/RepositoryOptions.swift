import ArgumentParser
import GitSource
import Glibc
import Manifests
import Reconciling

/// Where the configuration is, and which environment of it is meant.
struct RepositoryOptions: ParsableArguments {
    @Argument(help: "A folder of a git repository with a gatewright.yaml.")
    var dir = "."

    @Option(help: "The repository, instead of DIR: a folder, or file:// and a folder.")
    var repo: String?

    @Option(help: "The folder of gatewright.yaml inside the repository.")
    var repoPath = ""

    @Option(help: "The environment; needed where there are several.")
    var environment: String?

    /// What git opens.
    var location: String { repo ?? dir }

    /// A folder of this machine, where the data directory stands by default.
    var folder: String {
        let folder = location.hasPrefix("file://") ? String(location.dropFirst("file://".count)) : location
        return repoPath.isEmpty ? folder : "\(folder)/\(repoPath)"
    }

    /// - Parameter prefix: Where the folder is inside the repository; empty for a working tree's own files.
    func loader(prefix: String = "") -> ManifestLoader {
        let parts = (prefix.split(separator: "/") + repoPath.split(separator: "/")).joined(separator: "/")
        return ManifestLoader(repoPath: parts, checks: [TemplateCheck.check, EngineCheck.check])
    }

    func prefix() throws(GitFailure) -> String { try Self.prefix(of: location) }

    /// The folder's path from the root of the repository that it is in: git finds repositories from folders inside them.
    static func prefix(of location: String) throws(GitFailure) -> String {
        guard let root = try GitRepository(opening: location).workingFolder else { return "" }
        let start = location.hasPrefix("file://") ? String(location.dropFirst("file://".count)) : location
        guard let real = unsafe realpath(start, nil) else { return "" }
        defer { unsafe free(real) }
        let folder = unsafe String(cString: real) + "/"
        return folder.hasPrefix(root) ? String(folder.dropFirst(root.count).dropLast()) : ""
    }
}
