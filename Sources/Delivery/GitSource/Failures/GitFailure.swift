package import Diagnostics

/// Something that could not be read from a repository.
package struct GitFailure: Failure, Equatable {
    package enum Code: String, StableCode {
        case unsupportedLocation = "git.unsupported-location"
        case notARepository = "git.not-a-repository"
        case notOwned = "git.not-owned"
        case unbornBranch = "git.unborn-branch"
        case unknownRef = "git.unknown-ref"
        case ambiguousRef = "git.ambiguous-ref"
        case objectMissing = "git.object-missing"
        case objectCorrupt = "git.object-corrupt"
        case pathNotFound = "git.path-not-found"
        case unsafePath = "git.unsafe-path"
        case symbolicLink = "git.symbolic-link"
        case submodule = "git.submodule"
        case nameNotUTF8 = "git.name-not-utf8"
        case tooManyFiles = "git.too-many-files"
        case fileTooLarge = "git.file-too-large"
        case batchTooLarge = "git.batch-too-large"
        case unreadable = "git.unreadable"
        case shallow = "git.shallow"
        case unrelatedHistories = "git.unrelated-histories"
        case remoteNotFound = "git.remote-not-found"
        case remoteUnreachable = "git.remote-unreachable"
        case remoteTimeout = "git.remote-timeout"
        case remoteProtocol = "git.remote-protocol"
        case redirected = "git.redirected"
        case authenticationRefused = "git.authentication-refused"
        case rsaKeyRefused = "git.rsa-key-refused"
        case hostKeyUnknown = "git.host-key-unknown"
        case hostKeyChanged = "git.host-key-changed"
        case hostKeyRevoked = "git.host-key-revoked"
        case hostKeyAuthority = "git.host-key-authority"
        case certificateAuthorityUnknown = "git.certificate-authority-unknown"
        case certificateExpired = "git.certificate-expired"
        case certificateNameWrong = "git.certificate-name-wrong"
        case mirrorUnwritable = "git.mirror-unwritable"
        case transferFailed = "git.transfer-failed"
        case badVersionRange = "git.bad-version-range"
        case commitUnsigned = "git.commit-unsigned"
        case signatureBad = "git.signature-bad"
        case signerUnknown = "git.signer-unknown"
        case signerExpired = "git.signer-expired"
        case signerNotAllowed = "git.signer-not-allowed"
        case signatureToolMissing = "git.signature-tool-missing"
        case signersUnreadable = "git.signers-unreadable"
    }

    package let code: Code
    package let message: String
    /// The path in the tree that is to blame, if one is.
    package let path: String?

    init(_ code: Code, _ message: String, path: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
    }

    package var recovery: Recovery {
        switch code {
        case .objectMissing: .retry(after: .seconds(5))
        case .remoteUnreachable, .remoteTimeout, .remoteProtocol, .transferFailed: .retry(after: .seconds(10))
        case .remoteNotFound, .redirected, .authenticationRefused, .rsaKeyRefused, .certificateAuthorityUnknown,
            .certificateExpired, .certificateNameWrong, .mirrorUnwritable:
            .askOperator(runbook: "remote-repository.md")
        case .signatureToolMissing, .signersUnreadable: .askOperator(runbook: "repository.md")
        case .hostKeyUnknown, .hostKeyChanged, .hostKeyRevoked, .hostKeyAuthority:
            .askOperator(runbook: "host-keys.md")
        case .unsupportedLocation, .notARepository, .notOwned, .objectCorrupt, .unreadable, .shallow:
            .askOperator(runbook: "repository.md")
        case .unbornBranch, .unknownRef, .ambiguousRef, .pathNotFound, .unsafePath, .symbolicLink, .submodule,
            .nameNotUTF8, .tooManyFiles, .fileTooLarge, .batchTooLarge, .unrelatedHistories,
            .badVersionRange, .commitUnsigned, .signatureBad, .signerUnknown, .signerExpired, .signerNotAllowed:
            .awaitCommit
        }
    }
}
