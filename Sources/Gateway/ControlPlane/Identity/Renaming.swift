/// Users, groups and server certificates can get another name and another path; what refers to them uses their ids.
enum Renaming {
    static func rename(
        _ kind: EntityKind, _ name: String, to newName: String?, path: String?, _ workspace: inout Workspace
    ) throws(ServiceError) {
        let old = try workspace.existing(kind, name)
        var new = old
        new.name = newName ?? old.name
        new.path = path ?? old.path
        if new.place != old.place { try workspace.check(isFree: new.name, kind) }
        workspace.identity.replace(old, with: new)
    }
}
