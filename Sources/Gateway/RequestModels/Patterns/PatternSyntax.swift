/// A regular expression as a tree.
indirect enum PatternSyntax {
    case empty
    case set(ScalarSet)
    case start
    case end
    /// `\b`, or `\B` where it is false.
    case boundary(Bool)
    /// `(?=...)`, or `(?!...)` where it is false.
    case look(PatternSyntax, isWanted: Bool)
    case sequence([PatternSyntax])
    case choice([PatternSyntax])
    case repeated(PatternSyntax, least: Int, most: Int?)
}

/// Which regular expressions a pattern is written in.
package enum PatternDialect: Sendable {
    /// Java's, as selection patterns of integration responses have them.
    case selection
    /// ECMA 262's, as schemas have them.
    case schema
}

/// A pattern that cannot be used.
package struct PatternMalformed: Error {
    /// In the style of a diagnostic's message.
    package var reason: String
}
