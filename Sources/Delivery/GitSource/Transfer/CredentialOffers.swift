/// Users and passwords for `https`, each tried once: the URL's own, those that were given, git's helpers.
struct LoginOffers {
    private let url: RemoteURL
    private let home: String?
    private var waiting: [TransferRequest.Login]
    private var triedCount = 0
    private var hasAskedHelper = false

    init(url: RemoteURL, access: RemoteAccess) {
        self.url = url
        home = access.home
        waiting = access.logins
        if let password = url.password {
            waiting.insert(TransferRequest.Login(username: url.user ?? "git", password: password), at: 0)
        }
    }

    mutating func next() -> TransferRequest.Login? {
        if waiting.isEmpty, !hasAskedHelper {
            hasAskedHelper = true
            if let login = CredentialHelper.login(for: url, home: home) { waiting.append(login) }
        }
        guard !waiting.isEmpty else { return nil }
        triedCount += 1
        return waiting.removeFirst()
    }

    /// The URL's own password, once, for servers that take passwords over ssh.
    mutating func nextOfURL() -> String? {
        guard triedCount == 0, let password = url.password else { return nil }
        triedCount += 1
        return password
    }

    var refusal: String {
        triedCount == 0
            ? "asks for credentials, and there are none: set `GATEWRIGHT_GIT_TOKEN`, `git.credentials` in the "
                + "configuration file, or a credential helper of git"
            : "refuses the credentials that it was shown (\(triedCount))"
    }
}

/// Keys for `ssh`, each tried once: the files that were named, the agent's, the usual files.
struct KeyOffers {
    enum Offer: Equatable {
        case agent
        case file(String)
    }

    private var waiting: [Offer] = []
    private var offered: [String] = []
    private var passedOver: [String] = []
    private var rsaFiles: Set<String> = []
    private var agentHasRSA = false
    private var hasOfferedRSA = false

    init(access: RemoteAccess) {
        var files: [Offer] = []
        for path in access.privateKeys {
            switch SSHKeys.state(ofFile: path) {
            case .absent where access.keyFiles.isEmpty: break
            case .absent: passedOver.append("`\(path)` cannot be read")
            case .encrypted: passedOver.append("`\(path)` has a passphrase: load it into an ssh agent")
            case .usable(let isRSA):
                files.append(.file(path))
                if isRSA { rsaFiles.insert(path) }
            }
        }
        var agent: [Offer] = []
        if let socket = access.agentSocket, let types = SSHKeys.agentTypes(socket), !types.isEmpty {
            agent = [.agent]
            agentHasRSA = types.contains("ssh-rsa")
        }
        waiting = access.keyFiles.isEmpty ? agent + files : files + agent
    }

    mutating func next() -> Offer? {
        guard !waiting.isEmpty else { return nil }
        let offer = waiting.removeFirst()
        switch offer {
        case .agent:
            offered.append("the keys of the ssh agent")
            hasOfferedRSA = hasOfferedRSA || agentHasRSA
        case .file(let path):
            offered.append("`\(path)`")
            hasOfferedRSA = hasOfferedRSA || rsaFiles.contains(path)
        }
        return offer
    }

    var refusal: GitFailure.Code { hasOfferedRSA ? .rsaKeyRefused : .authenticationRefused }

    /// What follows "refuses".
    func tried(_ user: String) -> String {
        let what =
            offered.isEmpty
            ? "user `\(user)`, for whom there is no key" : "user `\(user)` with " + offered.joined(separator: ", ")
        let why =
            hasOfferedRSA
            ? "; RSA keys are signed with SHA-1 here, which most servers refuse: use an ed25519 key" : ""
        return what + why + passedOver.map { "; " + $0 }.joined()
    }
}

/// Asks `git credential fill`, which never asks a person here.
enum CredentialHelper {
    static func login(for url: RemoteURL, home: String?) -> TransferRequest.Login? {
        var variables = Environment.current
        variables["HOME"] = home ?? "/nonexistent"
        variables["GIT_TERMINAL_PROMPT"] = "0"
        variables["GIT_ASKPASS"] = "true"
        variables["SSH_ASKPASS"] = "true"
        let git = ChildProcess(
            program: "git", arguments: ["credential", "fill"], environment: variables,
            limits: ChildProcess.Bounds(whole: Limits.helperTime, outputBytesMax: 64 << 10))
        var question = "protocol=\(url.scheme.rawValue)\nhost=\(url.hostAndPort)\n"
        if let user = url.user { question += "username=\(user)\n" }
        guard let result = git.run(input: Array((question + "\n").utf8)), result.end == .status(0) else { return nil }
        var login = TransferRequest.Login(username: "", password: "")
        for line in String(decoding: result.output, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if line.hasPrefix("username=") { login.username = String(line.dropFirst("username=".count)) }
            if line.hasPrefix("password=") { login.password = String(line.dropFirst("password=".count)) }
        }
        return login.password.isEmpty ? nil : login
    }
}
