package import Diagnostics

extension GitFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .unsupportedLocation:
            Explanation(
                meaning: "a repository's location is not a folder of this machine",
                cause: "a URL where a path or `file://` is wanted", remedy: "clone the repository and give its folder")
        case .notARepository:
            Explanation(
                meaning: "a folder is not in a git repository, or does not exist",
                cause: "a mistyped path, or a command outside the repository", remedy: "give the repository's folder")
        case .notOwned:
            Explanation(
                meaning: "a repository belongs to another user, who could have put commands into its configuration",
                cause: "a folder of another account, or a container's mount",
                remedy: "run as its owner, or trust it: `git config --global --add safe.directory FOLDER`")
        case .unbornBranch:
            Explanation(
                meaning: "the branch has no commit yet", cause: "a repository just made",
                remedy: "commit the manifests first")
        case .unknownRef:
            Explanation(
                meaning: "no branch, tag or commit has this name",
                cause: "a mistyped name, a branch that was not fetched, or an id of fewer than 4 digits",
                remedy: "see `git branch --all` and `git tag`; write `origin/NAME` for a branch of the remote")
        case .ambiguousRef:
            Explanation(
                meaning: "a name stands for several things",
                cause: "a short id of several objects, or a branch and a tag of one name",
                remedy: "write more digits, or `refs/heads/NAME` or `refs/tags/NAME`")
        case .objectMissing:
            Explanation(
                meaning: "the repository does not have an object that it needs",
                cause: "a shallow or partial clone, or a repository that is just being repacked",
                remedy: "fetch the full history; `git fsck` names what is missing")
        case .objectCorrupt:
            Explanation(
                meaning: "an object of the repository is damaged", cause: "a disk fault, or a copy that was cut off",
                remedy: "`git fsck` names the damage; clone again")
        case .pathNotFound:
            Explanation(
                meaning: "a path is not in the commit's tree",
                cause: "a mistyped path, or a file that was not committed",
                remedy: "correct the path, or commit the file")
        case .unsafePath:
            Explanation(
                meaning: "a path is absolute, leaves the tree, or has a part that no checkout may have",
                cause: "`..`, a leading `/`, a part named `.git`, control characters",
                remedy: "write paths relative to the root of the repository", example: "../other")
        case .symbolicLink:
            Explanation(
                meaning: "a symbolic link is where a file is wanted; links are never followed",
                cause: "a link among the manifests", remedy: "put the file itself there")
        case .submodule:
            Explanation(
                meaning: "a submodule is where files are wanted; submodules are not read",
                cause: "a submodule among the manifests", remedy: "put the files into this repository")
        case .nameNotUTF8:
            Explanation(
                meaning: "a file's name is not UTF-8", cause: "a file made under another locale",
                remedy: "rename the file")
        case .tooManyFiles:
            Explanation(
                meaning: "more than 100,000 files or folders, or more than 100 folders inside one another, are under "
                    + "the asked paths", cause: "a path that names more than the manifests",
                remedy: "name the manifests' folders in `spec.manifests`")
        case .fileTooLarge:
            Explanation(
                meaning: "a file has more bytes than are read of its kind", cause: "a generated or binary file",
                remedy: "split the file, or keep it out of the manifests' folders")
        case .batchTooLarge:
            Explanation(
                meaning: "files together have more bytes than are read at once",
                cause: "a path that names more than the manifests",
                remedy: "name the manifests' folders in `spec.manifests`")
        case .unreadable:
            Explanation(
                meaning: "the repository cannot be read", cause: "permissions, a disk fault, an unknown format",
                remedy: "see whether `git status` and `git fsck` work there")
        case .shallow:
            Explanation(
                meaning: "a clone without its older history cannot tell where two branches parted",
                cause: "a clone with `--depth`, or a checkout step that fetches one commit only",
                remedy: "`git fetch --unshallow`; in a workflow, check out with `fetch-depth: 0`")
        case .unrelatedHistories:
            Explanation(
                meaning: "two commits have no forebear in common, so there is nothing to merge them by",
                cause: "a branch begun anew, or commits of different repositories",
                remedy: "rebase the branch on the one that it is to be merged into")
        default: remoteExplanation
        }
    }
}
