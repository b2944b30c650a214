enum Limits {
    /// Bytes of a document's text that are read at all.
    ///
    /// SOURCE: IAM API reference, `policyDocument`: 131,072 characters.
    static let documentBytesMax = 131_072
    /// Objects and lists inside one another.
    static let depthMax = 20
    /// Diagnostics of one document; the last one says that there are more.
    static let diagnosticsMax = 200
    /// Digits of a number in a condition, before and after the point together.
    static let numberDigitsMax = 64
    /// Digits of a count of seconds in a date condition.
    static let epochDigitsMax = 12
}

/// The most characters that a document may have, whitespace outside strings not counted.
package enum PolicySize {
    package static let managed = 6_144
    /// Of all inline policies of a user together.
    package static let inlineOfUser = 2_048
    /// Of all inline policies of a group together.
    package static let inlineOfGroup = 5_120
    /// Of all inline policies of a role together.
    package static let inlineOfRole = 10_240
    package static let trust = 2_048
    package static let session = 2_048
    /// Of the resource policy of an API, in bytes.
    package static let api = 8_192
}
