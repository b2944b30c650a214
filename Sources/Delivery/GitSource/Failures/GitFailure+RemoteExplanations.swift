import Diagnostics

extension GitFailure.Code {
    /// Of what can go wrong with remotes.
    var remoteExplanation: Explanation {
        switch self {
        case .remoteNotFound:
            Explanation(
                meaning: "the remote has no repository at this address, or does not show it to us",
                cause: "a mistyped or old URL, a repository that was deleted, or credentials without a right to it",
                remedy: "see whether `git ls-remote URL` works with the same credentials",
                example: "https://git.example.com/team/gateway.git")
        case .remoteUnreachable:
            Explanation(
                meaning: "no connection to the remote could be made", cause: "no network, a wrong host or port",
                remedy: "nothing, if it passes: it is tried again; else check host, port and proxy")
        case .remoteTimeout:
            Explanation(
                meaning:
                    "the remote did not answer in time; the process that fetched was killed and its half-made clone "
                    + "removed",
                cause: "a stalled connection, a slow or very large repository",
                remedy: "it is tried again; raise `git.timeoutSeconds` for a large repository")
        case .remoteProtocol:
            Explanation(
                meaning: "the remote said something that is not git's protocol, or sent damaged data",
                cause: "a proxy or login page in between, a damaged repository, a connection cut off",
                remedy: "it is tried again; `git ls-remote URL` shows what others see, `git fsck` what the remote has")
        case .redirected:
            Explanation(
                meaning: "the remote sends us to another host, which is not followed: credentials would travel along",
                cause: "a repository that moved", remedy: "give the new URL, if that host is to be trusted")
        case .authenticationRefused:
            Explanation(
                meaning: "the remote wants to know who we are, and no credentials at hand satisfy it",
                cause: "a token that expired, a key that the remote does not know, or none at all",
                remedy: "docs/remote-repositories.md lists where credentials are looked for, in which order")
        case .rsaKeyRefused:
            Explanation(
                meaning: "the remote refuses an RSA key",
                cause:
                    "RSA keys are signed with SHA-1 by the library in use, which OpenSSH refuses since 8.8; or the key "
                    + "is unknown there", remedy: "make an ed25519 key: `ssh-keygen -t ed25519`")
        case .hostKeyUnknown:
            Explanation(
                meaning: "no known_hosts file has a key of this host, so it could be anyone",
                cause: "the first connection from this machine",
                remedy: "compare the fingerprint in the message with the one that the host's owner publishes, then "
                    + "`ssh-keyscan HOST >> ~/.ssh/known_hosts`; docs/runbooks/host-keys.md")
        case .hostKeyChanged:
            Explanation(
                meaning: "the host shows another key than the one that is known",
                cause: "the host was set up anew, or someone is in between",
                remedy:
                    "do not connect before the host's owner confirms the new fingerprint; then replace the old line: "
                    + "`ssh-keygen -R HOST`; docs/runbooks/host-keys.md")
        case .hostKeyRevoked:
            Explanation(
                meaning: "the host shows a key that is marked `@revoked`", cause: "the key was stolen or replaced",
                remedy: "ask the host's owner; docs/runbooks/host-keys.md")
        case .hostKeyAuthority:
            Explanation(
                meaning: "the host is only known by an authority, and host certificates are not checked",
                cause: "a `@cert-authority` line in known_hosts", remedy: "add a line with the host's own key")
        case .certificateAuthorityUnknown:
            Explanation(
                meaning: "the certificate of the remote is signed by an authority that is not trusted here",
                cause: "a company's own authority, a self-signed certificate, or someone in between",
                remedy: "give the authority's certificate: `git.certificateAuthorities` in `gatewright.conf.yaml`, or "
                    + "`GIT_SSL_CAINFO=FILE`")
        case .certificateExpired:
            Explanation(
                meaning: "the certificate of the remote is no longer or not yet valid",
                cause: "it was not renewed, or the clock of this machine is wrong",
                remedy: "ask the remote's owner; check the clock")
        case .certificateNameWrong:
            Explanation(
                meaning: "the certificate of the remote is for another host",
                cause: "a URL with another name or an address, or someone in between",
                remedy: "use the name that the certificate has")
        case .mirrorUnwritable:
            Explanation(
                meaning: "the copy of a remote repository in the data directory cannot be written",
                cause: "a full disk, missing rights, a damaged folder",
                remedy: "free space, or remove the folder that the message names: it is cloned again")
        case .transferFailed:
            Explanation(
                meaning: "the process that fetches from a remote ended without an answer",
                cause: "it was killed, or has a fault", remedy: "it is tried again; the message has its last words")
        default: signatureExplanation
        }
    }

    private var signatureExplanation: Explanation {
        switch self {
        case .badVersionRange:
            Explanation(
                meaning: "a ref begins with `semver:` and has no version range behind it", cause: "a mistyped range",
                remedy: "write comparators, alternatives by `||`: `>=1.2 <2`, `^1.4`, `~1.2.3`, `1.x`",
                example: "semver:>=1.2 <2")
        case .commitUnsigned:
            Explanation(
                meaning: "the controller's configuration asks for signed commits, and this one has no signature",
                cause: "a commit made without `-S`, or a merge made by a forge that does not sign",
                remedy: "sign the commit: `git commit --amend -S`, or make a signed one on top of it")
        case .signatureBad:
            Explanation(
                meaning: "the signature of a commit does not fit what the commit has",
                cause: "a commit that was rewritten by a tool that kept the old signature, or tampering",
                remedy: "find out who made it; sign it anew")
        case .signerUnknown:
            Explanation(
                meaning: "the signature is good, and its key is none of the allowed signers'",
                cause: "a signer or a new key that is not in the files of `git.signatures.allowedSigners`",
                remedy: "have someone sign who is allowed, or add the key to the controller's files")
        case .signerExpired:
            Explanation(
                meaning: "the key of the signature, or the signature itself, has expired or was revoked",
                cause: "the key's time is over; the time that counts is now, not that of the commit",
                remedy: "sign anew with a key that is valid")
        case .signerNotAllowed:
            Explanation(
                meaning: "the signer is known, and may not change a path that differs from what was applied last",
                cause: "`git.signatures.allowedSigners` gives the path to others",
                remedy: "have the change signed by someone allowed for all of its paths, or split it")
        case .signatureToolMissing:
            Explanation(
                meaning: "signatures are to be checked, and the program for it is not installed or does not end",
                cause: "no `ssh-keygen` (8.9 or newer) or `gpg` on the controller's machine",
                remedy: "install openssh-client or gnupg")
        default:
            Explanation(
                meaning: "a file of allowed signers cannot be read, so that no commit is taken up",
                cause: "a mistyped path in `git.signatures.allowedSigners`, missing rights",
                remedy: "correct the path or the file's rights")
        }
    }
}
