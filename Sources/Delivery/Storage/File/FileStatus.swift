import Glibc

/// What the system says about a file or a folder.
///
/// Asked here, in a target without NIO: where both are imported, the compiler may take the C types of Glibc for those of a
/// module that NIO brings, and refuses their members.
package struct FileStatus: Sendable, Hashable {
    package let isFolder: Bool
    package let isSocket: Bool
    /// With the sticky bit: a place like `/tmp`, where everybody has files.
    package let isSticky: Bool
    /// The group or everybody else has any right.
    package let isOpenToOthers: Bool
    /// The group or everybody else may write.
    package let isWritableByOthers: Bool
    /// Everybody may read.
    package let isReadableByOthers: Bool
    /// It belongs to the user of this process.
    package let isOwn: Bool

    /// - Parameter followsLink: False asks about a symbolic link itself.
    /// - Returns: Nil, with the reason in `errno`, when there is nothing at `path` or nothing may be asked about it.
    package init?(of path: String, followsLink: Bool = true) {
        var status = stat()
        let result = unsafe followsLink ? stat(path, &status) : lstat(path, &status)
        guard result == 0 else { return nil }
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        isSocket = status.st_mode & S_IFMT == S_IFSOCK
        isSticky = status.st_mode & S_ISVTX != 0
        isOpenToOthers = status.st_mode & 0o077 != 0
        isWritableByOthers = status.st_mode & 0o022 != 0
        isReadableByOthers = status.st_mode & 0o004 != 0
        isOwn = status.st_uid == geteuid()
    }
}
