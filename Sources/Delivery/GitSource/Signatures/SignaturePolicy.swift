/// Whose signatures count, for which paths.
package struct SignaturePolicy: Sendable, Equatable {
    /// Signers who may change some paths.
    package struct Signers: Sendable, Equatable {
        /// Patterns: `*` within a part of a path, `**` across parts. Empty for the paths that no pattern of others names.
        package var paths: [String]
        /// A file of allowed signers as ssh-keygen(1) has it.
        package var ssh: String?
        /// A file of OpenPGP public keys: an export or a keyring.
        package var gpg: String?

        package init(paths: [String] = [], ssh: String? = nil, gpg: String? = nil) {
            self.paths = paths
            self.ssh = ssh
            self.gpg = gpg
        }

        func names(_ path: String) -> Bool {
            paths.contains { Glob.matches(Array($0.utf8), Array(path.utf8), star: .withinPart) }
        }
    }

    package var signers: [Signers]

    package init(signers: [Signers]) { self.signers = signers }

    /// Positions of those who may change a path.
    func allowed(for path: String) -> [Int] {
        let named = signers.indices.filter { signers[$0].names(path) }
        return named.isEmpty ? signers.indices.filter { signers[$0].paths.isEmpty } : named
    }
}
