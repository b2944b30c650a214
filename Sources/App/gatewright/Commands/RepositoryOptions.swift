import ArgumentParser
import GitSource
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

    var loader: ManifestLoader { ManifestLoader(repoPath: repoPath, checks: [TemplateCheck.check]) }
}
