/// The code of a function, as it is sent.
package struct CodeArchive: Sendable, Hashable {
    /// SHA-256 of the bytes in base64, as the service tells code.
    package let hash: String
    /// A zip archive; equal folders give equal bytes.
    package let bytes: [UInt8]

    package init(hash: String, bytes: [UInt8]) {
        self.hash = hash
        self.bytes = bytes
    }
}

/// Keeps code by its hash: that of before must be at hand where a call is taken back.
package protocol CodeShelf: Sendable {
    /// Lasting when it returns; what is kept already stays as it is.
    ///
    /// - Throws: `provider.code-missing` where it cannot be written.
    func keep(_ archive: CodeArchive) throws(ProviderFailure)

    /// - Throws: `provider.code-missing` for code that is not kept, or is damaged.
    func code(_ hash: String) throws(ProviderFailure) -> [UInt8]

    /// Lets nobody, in any process, prune until the lease is released.
    ///
    /// - Returns: Nil while somebody prunes: that takes a moment.
    /// - Throws: `provider.code-missing` where the shelf cannot be used.
    func lease() throws(ProviderFailure) -> CodeLease?

    /// Lets nobody, in any process, lease the shelf or prune it until the lease is released.
    ///
    /// - Returns: Nil while somebody has a lease: another time will do.
    func pruningLease() throws(ProviderFailure) -> CodeLease?

    /// Removes everything but the code of these hashes, under ``pruningLease()``.
    ///
    /// - Returns: How many archives went.
    func removeAll(but hashes: Set<String>) throws(ProviderFailure) -> Int
}

/// The right to a shelf; ends with the process too.
package struct CodeLease: Sendable {
    /// To be called once.
    package let release: @Sendable () -> Void

    package init(release: @escaping @Sendable () -> Void) { self.release = release }
}
