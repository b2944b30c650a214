import JSON

/// The one other name that the account may have.
enum AccountAliases {
    private static let alias = Shape.Member.required("AccountAlias", .text(3, 63, .accountAlias))

    static let operations: [QueryOperation] = [
        QueryOperation("CreateAccountAlias", [alias]) { (workspace, call) throws(ServiceError) in
            let name = call.text("AccountAlias")
            // A new alias takes the place of the old one.
            for old in workspace.identity.all(.accountAlias) { workspace.identity.remove(old) }
            workspace.identity.put(Entity(.accountAlias, name: name, created: call.now))
            return nil
        },
        QueryOperation("DeleteAccountAlias", [alias]) { (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try workspace.existing(.accountAlias, call.text("AccountAlias")))
            return nil
        },
        QueryOperation("ListAccountAliases", .page) { (workspace, call) throws(ServiceError) in
            let names = workspace.identity.all(.accountAlias).map(\.name)
            return try QueryPaging.page("AccountAliases", names, call, key: \.self) { .string($0) }
        },
    ]
}
