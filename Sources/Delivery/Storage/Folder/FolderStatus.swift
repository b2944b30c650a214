import Glibc

/// What the system says about the folder that databases stand in.
package struct FolderStatus: Sendable, Hashable {
    package let isFolder: Bool
    /// With the sticky bit: a place like `/tmp`, where everybody has files.
    package let isSticky: Bool
    /// The group or everybody else has any right.
    package let isOpenToOthers: Bool
    /// It belongs to the user of this process.
    package let isOwn: Bool

    /// - Returns: Nil, with the reason in `errno`, when there is nothing at `path` or nothing may be asked about it.
    package init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        isSticky = status.st_mode & S_ISVTX != 0
        isOpenToOthers = status.st_mode & 0o077 != 0
        isOwn = status.st_uid == geteuid()
    }
}
