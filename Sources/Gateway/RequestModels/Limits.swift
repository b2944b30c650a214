/// Limits of this target: each with its unit, and a test that meets it.
package enum ModelLimits {
    /// Bytes of a pattern, and states that it may compile to.
    static let patternBytesMax = 1024
    static let patternStatesMax = 4096
    /// Groups of a pattern inside one another.
    static let patternDepthMax = 50
    /// Milliseconds that a pattern may take that is held against one text by itself.
    static let patternMillisecondsMax = 200
    /// Bytes of a text that a pattern is held against; a longer one matches nothing.
    static let patternSubjectBytesMax = 16 * 1024
    /// Schemas that one model is made of, those of other models included.
    static let schemasMax = 20_000
    /// Schemas inside one another on the way to one value.
    static let depthMax = 400
    /// Steps of one validation: a check of a value, an element compared, a state of a pattern.
    package static let stepsMax = 10_000_000
    /// Milliseconds that one validation may keep its thread, and steps between two looks at the clock.
    package static let millisecondsMax = 300
    static let stepsBetweenLooks = 8_192
    /// Bytes that are looked through for the price of one step.
    static let bytesPerStep = 16
    /// Mismatches that are told of one body.
    static let mismatchesMax = 16
    /// Characters of a value that a mismatch quotes.
    static let quotedCharactersMax = 100
}
