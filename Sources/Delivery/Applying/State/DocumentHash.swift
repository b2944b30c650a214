import Crypto
package import JSON
package import Resources

extension TargetHash {
    /// Hashes documents as they were observed.
    ///
    /// - Parameters:
    ///   - symbolic: Known documents with symbolic references. Where one of them, resolved, is what was observed, it
    ///     is hashed in its place: the new id of an object that was made again is no difference.
    ///   - identities: What references resolve to.
    package init(
        of observed: [Address: ObservedObject], symbolic: [Address: JSONValue], identities: [Address: Identity]
    ) {
        var documents: [Address: String] = [:]
        documents.reserveCapacity(observed.count)
        for (address, object) in observed {
            var document = object.document
            if let known = symbolic[address], object.matches(known, of: address.kind, identities) { document = known }
            documents[address] = SHA256.hash(data: document.bytes(.canonical)).hex()
        }
        self.init(documents)
    }

    /// One hash of all of them: `sha256:` and 64 lower-case hex digits.
    package var digest: String {
        var hasher = SHA256()
        for (address, hash) in documents.sorted(by: { $0.key < $1.key }) {
            hasher.update(data: Array("\(address)\u{0}\(hash)\u{0}".utf8))
        }
        return "sha256:" + hasher.finalize().hex()
    }

    /// Compares with what is there `now`.
    package func proof(now: TargetHash) -> RollbackProof {
        let addresses = Set(documents.keys).union(now.documents.keys)
        let differing = addresses.filter { documents[$0] != now.documents[$0] }.sorted()
        return RollbackProof(before: digest, after: now.digest, differing: differing)
    }
}
