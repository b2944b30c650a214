/// Limits of this target: each with its unit, and a test that meets it.
package enum Limits {
    /// The most bytes that an `Authorization` header may have; the longest real one is below 2 KiB.
    package static let authorizationBytesMax = 8_192
    /// The most header names that a signature may list.
    package static let signedHeadersMax = 200
    /// Derived keys that ``SigningKeyCache`` keeps.
    package static let derivedKeysMax = 1_024
    /// How far the clocks of signer and verifier may be apart, in seconds.
    package static let skewSeconds = 300
    /// The longest life of a presigned request, in seconds: seven days.
    package static let expiresSecondsMax = 604_800
}
