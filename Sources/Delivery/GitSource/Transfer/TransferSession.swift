import CLibgit2
import Glibc

/// One conversation with a remote: what was offered, what was refused, and why it ended.
///
/// INVARIANT: libgit2 calls back on the thread that runs the transfer, and on no other.
final class TransferSession {
    private let url: RemoteURL
    private let access: RemoteAccess
    private let report: (TransferWord) -> Void
    private var lastReport: ContinuousClock.Instant?
    private var logins: LoginOffers
    private var keys: KeyOffers
    /// What a callback found, which libgit2's own message does not say.
    private(set) var failure: GitFailure?

    init(url: RemoteURL, access: RemoteAccess, report: @escaping (TransferWord) -> Void) {
        self.url = url
        self.access = access
        self.report = report
        logins = LoginOffers(url: url, access: access)
        keys = KeyOffers(access: access)
    }

    func sayProgress(objects: Int, bytes: Int) {
        let now = ContinuousClock.now
        if let lastReport, now - lastReport < .milliseconds(200) { return }
        lastReport = now
        report(.progress(objects: objects, bytes: bytes))
    }

    fileprivate static func of(_ payload: UnsafeMutableRawPointer?) -> TransferSession? {
        payload.map { Unmanaged<TransferSession>.fromOpaque($0).takeUnretainedValue() }
    }

    private func fail(_ code: GitFailure.Code, _ message: String) -> Int32 {
        failure = GitFailure(code, message)
        return GIT_EUSER.rawValue
    }

    // MARK: Who we are

    fileprivate func credential(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, asked: String, allowed: UInt32
    ) -> Int32 {
        func allows(_ type: git_credential_t) -> Bool { allowed & type.rawValue != 0 }
        if url.scheme == .ssh {
            let user = url.user ?? "git"
            if allows(GIT_CREDENTIAL_USERNAME) { return git_credential_username_new(out, user) }
            if allows(GIT_CREDENTIAL_SSH_KEY), let offer = keys.next() {
                switch offer {
                case .agent: return git_credential_ssh_key_from_agent(out, user)
                case .file(let path): return git_credential_ssh_key_new(out, user, nil, path, nil)
                }
            }
            if allows(GIT_CREDENTIAL_USERPASS_PLAINTEXT), let password = logins.nextOfURL() {
                return git_credential_userpass_plaintext_new(out, user, password)
            }
            return fail(keys.refusal, "`\(url.description)` refuses \(keys.tried(user))")
        }
        guard url.isSameOrigin(as: asked) else {
            return fail(
                .redirected,
                "`\(url.description)` leads to `\(RemoteURL.withoutPassword(asked))`, which is not sent credentials")
        }
        guard url.scheme == .https || url.isLoopback else {
            return fail(
                .authenticationRefused,
                "`\(url.description)` asks for credentials, which are not sent without TLS: write `https://`")
        }
        guard allows(GIT_CREDENTIAL_USERPASS_PLAINTEXT), let login = logins.next() else {
            return fail(.authenticationRefused, "`\(url.description)` \(logins.refusal)")
        }
        return git_credential_userpass_plaintext_new(out, login.username, login.password)
    }

    // MARK: Whom we talk to

    fileprivate func certificate(_ certificate: UnsafeMutablePointer<git_cert>, isValid: Bool) -> Int32 {
        // libgit2 has judged a certificate of TLS already, and keeps its reason.
        guard certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else { return GIT_PASSTHROUGH.rawValue }
        let host = UnsafeMutableRawPointer(certificate).assumingMemoryBound(to: git_cert_hostkey.self).pointee
        guard host.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0, let start = host.hostkey, host.hostkey_len > 0 else {
            return fail(.hostKeyUnknown, "`\(url.hostAndPort)` shows no host key that can be checked")
        }
        let key = Array(UnsafeRawBufferPointer(start: start, count: host.hostkey_len))
        let name = url.knownHostName
        let type = KnownHosts.type(of: key)
        let print = KnownHosts.fingerprint(key)
        let files = access.knownHostsFiles.map { "`\($0)`" }.joined(separator: " and ")
        switch KnownHosts(access.knownHostsFiles.compactMap { SmallFile.text($0) }, of: name).judge(key) {
        case .known: return 0
        case .unknown:
            let port = url.port.map { "-p \($0) " } ?? ""
            return fail(
                .hostKeyUnknown,
                "the host key of `\(name)` is in no known_hosts file (\(files)): it shows \(type) \(print); compare this "
                    + "fingerprint with the one that the host's owner publishes, then add the key with "
                    + "`ssh-keyscan \(port)\(url.host)`")
        case .changed(let types):
            let known = Set(types).sorted().joined(separator: ", ")
            return fail(
                .hostKeyChanged,
                "the host key of `\(name)` is another one than in \(files) (there: \(known)): it shows \(type) "
                    + "\(print); someone may be in between")
        case .revoked:
            return fail(
                .hostKeyRevoked, "the host key of `\(name)`, \(type) \(print), is marked `@revoked` in \(files)")
        case .authority:
            return fail(
                .hostKeyAuthority,
                "`\(name)` is known by a `@cert-authority` line only, and host certificates are not checked: add the "
                    + "host's own key, \(type) \(print), to \(files)")
        }
    }
}

func transferCredentials(
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ url: UnsafePointer<CChar>?,
    _ user: UnsafePointer<CChar>?, _ allowed: UInt32, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    guard let session = TransferSession.of(payload) else { return GIT_EUSER.rawValue }
    return session.credential(out, asked: url.map { String(cString: $0) } ?? "", allowed: allowed)
}

func transferCertificate(
    _ certificate: UnsafeMutablePointer<git_cert>?, _ isValid: Int32, _ host: UnsafePointer<CChar>?,
    _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    guard let session = TransferSession.of(payload), let certificate else { return GIT_EUSER.rawValue }
    return session.certificate(certificate, isValid: isValid == 1)
}

func transferProgress(
    _ stats: UnsafePointer<git_indexer_progress>?, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    guard let session = TransferSession.of(payload), let stats = stats?.pointee else { return 0 }
    session.sayProgress(objects: Int(stats.received_objects), bytes: stats.received_bytes)
    return 0
}

/// The remote says what it does while it makes a pack.
func transferText(_ text: UnsafePointer<CChar>?, _ count: Int32, _ payload: UnsafeMutableRawPointer?) -> Int32 {
    TransferSession.of(payload)?.sayProgress(objects: 0, bytes: 0)
    return 0
}
