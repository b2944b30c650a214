/// A commit's signature and what it is about.
struct CommitSignature {
    let text: [UInt8]
    let payload: [UInt8]

    enum Kind { case ssh, gpg, other }

    var kind: Kind {
        let head = String(decoding: text.prefix(40), as: UTF8.self)
        if head.hasPrefix("-----BEGIN SSH SIGNATURE-----") { return .ssh }
        return head.hasPrefix("-----BEGIN PGP ") ? .gpg : .other
    }
}

/// Judges one commit's signature path by path; each file of signers is asked once.
struct SignatureCheck {
    enum Judgement: Equatable {
        /// Made by this signer, who is in the file.
        case good(signer: String)
        case bad(String)
        case unknown(signer: String)
        case expired(signer: String)
    }

    let commit: CommitID
    let signature: CommitSignature
    let policy: SignaturePolicy
    private var judgements: [Int: Judgement] = [:]

    init(commit: CommitID, signature: CommitSignature, policy: SignaturePolicy) {
        self.commit = commit
        self.signature = signature
        self.policy = policy
    }

    mutating func allow(_ path: String) throws(GitFailure) {
        let allowed = policy.allowed(for: path)
        var worst: Judgement?
        for position in allowed {
            let judgement = try judge(position)
            if case .good = judgement { return }
            worst = judgement.isWorse(than: worst) ? judgement : worst
        }
        if case .bad? = worst { throw failure(worst) }
        // Someone we know, but not for this path?
        for position in policy.signers.indices where !allowed.contains(position) {
            if case .good(let signer) = try judge(position) {
                throw GitFailure(
                    .signerNotAllowed,
                    "commit \(commit.short) is signed by \(signer), who may not change `\(path)`", path: path)
            }
        }
        throw failure(worst)
    }

    mutating func allowAny() throws(GitFailure) {
        var worst: Judgement?
        for position in policy.signers.indices {
            let judgement = try judge(position)
            if case .good = judgement { return }
            worst = judgement.isWorse(than: worst) ? judgement : worst
        }
        throw failure(worst)
    }

    private func failure(_ judgement: Judgement?) -> GitFailure {
        switch judgement {
        case .bad(let why)?:
            GitFailure(.signatureBad, "the signature of commit \(commit.short) does not hold: \(why)")
        case .expired(let signer)?:
            GitFailure(
                .signerExpired, "commit \(commit.short) is signed by \(signer), whose key has expired or is revoked")
        case .unknown(let signer)?:
            GitFailure(.signerUnknown, "commit \(commit.short) is signed by \(signer), who is no allowed signer")
        case .good?, nil:
            GitFailure(.signerUnknown, "commit \(commit.short) is signed, and no signer is allowed for its changes")
        }
    }

    private mutating func judge(_ position: Int) throws(GitFailure) -> Judgement {
        if let known = judgements[position] { return known }
        let signers = policy.signers[position]
        let judgement: Judgement
        switch (signature.kind, signers.ssh, signers.gpg) {
        case (.ssh, let file?, _): judgement = try SSHVerification.judge(signature, file)
        case (.ssh, nil, _): judgement = .unknown(signer: "an SSH key")
        case (.gpg, _, let file?): judgement = try GPGVerification.judge(signature, file)
        case (.gpg, _, nil): judgement = .unknown(signer: "an OpenPGP key")
        case (.other, _, _): judgement = .bad("it is neither of SSH nor of OpenPGP")
        }
        judgements[position] = judgement
        return judgement
    }
}

extension SignatureCheck.Judgement {
    /// The one that says most.
    fileprivate func isWorse(than other: Self?) -> Bool {
        func rank(_ judgement: Self?) -> Int {
            switch judgement {
            case nil: 0
            case .good?, .unknown?: 1
            case .expired?: 2
            case .bad?: 3
            }
        }
        return rank(self) > rank(other)
    }
}
