/// Limits of this target, each with its unit.
package enum Limits {
    /// Files of one commit under the asked paths.
    static let filesMax = 100_000
    /// Folders that are opened while these files are looked for; folders without files count as well.
    static let foldersMax = 100_000
    /// Folders inside one another.
    static let folderDepthMax = 100
    /// Bytes of all files of one batch, unless the caller gives another limit.
    static let batchBytesMax = 50 << 20
    /// Bytes of one object that is a file of its own, inflated; what has more is taken for damaged.
    static let objectBytesMax = 256 << 20
    /// Commits that `~` in a name goes back.
    static let forebearsMax = 10_000
    /// Tags of tags.
    static let tagDepthMax = 10
    /// Changed paths of the working tree that are named.
    static let changedPathsMax = 1_000
    /// Merge bases that are merged among themselves where histories crossed; the rest is taken as it is.
    static let mergeBasesMax: UInt32 = 16
    /// Conflicts of a merge that are named.
    static let conflictsMax = 1_000
    /// Branches and tags of a remote.
    static let refsMax = 100_000
    /// For a clone or a fetch.
    package static let transferTime = Duration.seconds(600)
    /// Without a sign of life of the remote.
    package static let transferSilence = Duration.seconds(60)
    /// For git's credential helpers, and for programs that check signatures.
    static let helperTime = Duration.seconds(20)
    /// Bytes of a version range.
    static let versionRangeBytesMax = 1_000
    /// Folders whose entries are kept in memory.
    static let foldersKept = 2_000
}
