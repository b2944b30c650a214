/// Where a repository is hosted: what differs between hosts is decided by this word alone.
package enum Forge: String, Sendable, Hashable, CaseIterable {
    case github
    case gitlab
    /// Also Forgejo, which speaks the same.
    case gitea
}

extension Forge {
    /// As its users write it.
    var name: String {
        switch self {
        case .github: "GitHub"
        case .gitlab: "GitLab"
        case .gitea: "Gitea"
        }
    }
}
