/// What is told to others while it happens: to forges, to receivers of notifications.
package enum Announcement: Sendable {
    /// An event was written to the history; with the revision that it is about, if it is about one.
    case event(Event, Revision?)
    /// An attempt to bring the environment to a commit begins.
    case began(environment: String, commit: String)
    /// An attempt at a commit ended, and this is where the environment stands now.
    case ended(EnvironmentStatus, commit: String)
}
