package import JSON

/// What a child process is asked to fetch, and with which keys: a JSON document on its input, so that no secret stands
/// in its arguments.
package struct TransferRequest: Sendable, Equatable {
    /// A user and a password or token for `https`.
    package struct Login: Sendable, Equatable {
        package var username: String
        package var password: String

        package init(username: String, password: String) {
            self.username = username
            self.password = password
        }
    }

    var url: String
    /// A bare repository; made if it is not there.
    var folder: String
    var access: RemoteAccess

    init(url: String, folder: String, access: RemoteAccess) {
        self.url = url
        self.folder = folder
        self.access = access
    }

    /// - Returns: Nil for what ``json`` did not write.
    package init?(_ json: JSONValue) {
        guard let url = json["url"]?.string, let folder = json["folder"]?.string else { return nil }
        func texts(_ name: String) -> [String]? { json[name]?.array?.compactMap(\.string) }
        self.url = url
        self.folder = folder
        access = RemoteAccess()
        access.logins = (json["logins"]?.array ?? []).compactMap { login in
            guard let username = login["username"]?.string, let password = login["password"]?.string else { return nil }
            return Login(username: username, password: password)
        }
        access.home = json["home"]?.string
        access.agentSocket = json["agentSocket"]?.string
        access.keyFiles = texts("keyFiles") ?? []
        access.knownHosts = texts("knownHosts")
        access.authorities = json["authorities"]?.string
    }

    var json: JSONValue {
        var members: [(String, JSONValue)] = [("url", .string(url)), ("folder", .string(folder))]
        members.append(
            (
                "logins",
                .array(access.logins.map { ["username": .string($0.username), "password": .string($0.password)] })
            ))
        members.append(("keyFiles", .array(access.keyFiles.map { .string($0) })))
        for (name, value) in [
            ("home", access.home), ("agentSocket", access.agentSocket), ("authorities", access.authorities),
        ] {
            if let value { members.append((name, .string(value))) }
        }
        if let known = access.knownHosts { members.append(("knownHosts", .array(known.map { .string($0) }))) }
        return .object(JSONObject(members))
    }
}

/// Who we are to a remote, and whom we take it for.
package struct RemoteAccess: Sendable, Equatable {
    /// Tried in this order, after the URL's own and before git's credential helpers.
    package var logins: [TransferRequest.Login] = []
    /// The user's folder, for git's configuration and `.ssh`.
    package var home: String?
    /// `SSH_AUTH_SOCK`.
    package var agentSocket: String?
    /// Private keys, tried after the agent; those of the home's `.ssh` follow where none is given.
    package var keyFiles: [String] = []
    /// Files in the format of known_hosts; nil for the user's and the system's.
    package var knownHosts: [String]?
    /// A file of certificates of authorities for `https`, instead of the system's.
    package var authorities: String?

    package init() {}

    var knownHostsFiles: [String] {
        knownHosts ?? [home.map { $0 + "/.ssh/known_hosts" }, "/etc/ssh/ssh_known_hosts"].compactMap(\.self)
    }

    var privateKeys: [String] {
        guard keyFiles.isEmpty else { return keyFiles }
        return home.map { home in ["id_ed25519", "id_ecdsa", "id_rsa"].map { "\(home)/.ssh/\($0)" } } ?? []
    }
}
