import CLibgit2

extension GitFailure {
    /// Why a conversation with a remote ended, from what libgit2 says about it.
    ///
    /// - Parameter isLocal: The call only concerned the mirror's folder.
    init(transferring url: RemoteURL, _ folder: String, _ result: Int32, isLocal: Bool) {
        let said = Self.lastLibraryMessage
        let message = said.replacing(password: url.password)
        let kind = git_error_last().map { git_error_t(UInt32(bitPattern: $0.pointee.klass)) }
        let text = message.lowercased()
        func says(_ words: String...) -> Bool { words.contains { text.utf8.firstRange(of: $0.utf8) != nil } }
        let remote = "`\(url.description)`"
        let isOfDisk = [GIT_ERROR_OS, GIT_ERROR_FILESYSTEM, GIT_ERROR_REFERENCE, GIT_ERROR_REPOSITORY].contains(kind)
        if result == GIT_ECERTIFICATE.rawValue || says("certificate is invalid") {
            self.init(certificateOf: url, said: message)
        } else if isLocal || says("no space left", "read-only file system", "quota exceeded") {
            self.init(.mirrorUnwritable, "the mirror `\(folder)` cannot be written: \(message)")
        } else if says("redirect") {
            self.init(
                .redirected, "\(remote) leads to another place, which is not followed: \(message); give its own URL")
        } else if result == GIT_EAUTH.rawValue || says("status code: 401", "status code: 403", "failed to authenticate")
        {
            self.init(.authenticationRefused, "\(remote) refuses access: \(message)")
        } else if says(
            "status code: 404", "status code: 410", "not exported", "no such repository", "unsupported url protocol",
            "does not appear to be a git repo",
            "repository not found", "could not find repository")
        {
            self.init(.remoteNotFound, "\(remote) is not a repository that can be read: \(message)")
        } else if says(
            "failed to connect", "failed to resolve", "connection refused", "connection reset", "no route", "timed out",
            "could not connect", "network is unreachable")
        {
            self.init(.remoteUnreachable, "\(remote) cannot be reached: \(message)")
        } else if isOfDisk, !says("socket", "recv", "receiv", "send") {
            self.init(
                url.scheme == .file ? .remoteNotFound : .mirrorUnwritable,
                "\(remote) could not be copied to `\(folder)`: \(message)")
        } else {
            self.init(.remoteProtocol, "\(remote) could not be read to the end: \(message)")
        }
    }

    /// SOURCE: mbed TLS 2.28, `x509.h`: `MBEDTLS_X509_BADCERT_*`.
    private init(certificateOf url: RemoteURL, said message: String) {
        let digits = message.utf8.firstRange(of: "0x".utf8).map { message[$0.upperBound...].prefix { $0.isHexDigit } }
        let bits = digits.flatMap { UInt32($0, radix: 16) } ?? 0x08
        let remote = "`\(url.hostAndPort)`"
        if bits & 0x08 != 0 {
            self.init(
                .certificateAuthorityUnknown,
                "the certificate of \(remote) is not signed by an authority that is trusted here: give the authority's "
                    + "certificate by `git.certificateAuthorities` or `GIT_SSL_CAINFO`")
        } else if bits & 0x04 != 0 {
            self.init(.certificateNameWrong, "the certificate of \(remote) is for another name than `\(url.host)`")
        } else if bits & (0x01 | 0x0200) != 0 {
            self.init(
                .certificateExpired,
                "the certificate of \(remote) is \(bits & 0x01 != 0 ? "no longer" : "not yet") valid")
        } else {
            self.init(.certificateAuthorityUnknown, "the certificate of \(remote) is refused: \(message)")
        }
    }
}

extension String {
    fileprivate func replacing(password: String?) -> String {
        guard let password, !password.isEmpty, let range = utf8.firstRange(of: password.utf8) else { return self }
        return String(self[..<range.lowerBound]) + "•••"
            + String(self[range.upperBound...]).replacing(password: password)
    }
}
