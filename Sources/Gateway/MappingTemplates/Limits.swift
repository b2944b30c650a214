/// What a template and one rendering of it may use up; every excess is a ``TemplateFailure``, loop turns apart.
package struct TemplateLimits: Sendable, Hashable {
    /// UTF-8 bytes of a rendered text, and of any string made on the way: the payload limit of the service.
    package var outputBytesMax: Int
    /// Turns of one `#foreach`; the rest of the list is left out, as the service does.
    package var loopTurnsMax: Int
    /// Directives, references and operators evaluated in one rendering, nested loops included.
    package var stepsMax: Int
    /// Elements of one list or map.
    package var elementsMax: Int
    /// Steps of the matcher for one call of `matches`, `replaceAll`, `replaceFirst` or `split`.
    package var regexStepsMax: Int
    /// Milliseconds that one rendering may take: the other limits are met sooner by all but the most
    /// costly templates.
    package var millisecondsMax: Int

    package init(
        outputBytesMax: Int = 10 << 20, loopTurnsMax: Int = 1_000, stepsMax: Int = 5_000_000,
        elementsMax: Int = 1_000_000, regexStepsMax: Int = 50_000_000, millisecondsMax: Int = 1_000
    ) {
        self.outputBytesMax = outputBytesMax
        self.loopTurnsMax = loopTurnsMax
        self.stepsMax = stepsMax
        self.elementsMax = elementsMax
        self.regexStepsMax = regexStepsMax
        self.millisecondsMax = millisecondsMax
    }

    package static let standard = TemplateLimits()

    /// UTF-8 bytes of a template: the service's own limit.
    package static let templateBytesMax = 300 << 10
    /// Levels of blocks, parentheses, strings in strings and calls in calls of a template.
    package static let nestingMax = 100
    /// Operators of one expression that follow each other without parentheses.
    package static let operatorsMax = 250
    /// Levels of maps and lists in a body and in what is printed.
    package static let valueDepthMax = 200
    /// Levels of `#define` blocks that print each other.
    package static let blockDepthMax = 20
    /// Levels of blocks and expressions while rendering, those of `#define` included.
    package static let renderingDepthMax = 300
    /// UTF-8 bytes of a JSONPath, and of a regular expression.
    package static let expressionBytesMax = 8_192
    /// Nodes that one JSONPath may visit.
    package static let pathStepsMax = 5_000_000
    /// Levels of groups in a pattern, and of filters in a path.
    package static let expressionDepthMax = 50
    /// Ways that a match may come back to, each of 32 bytes; Java has no more than its stack.
    static let patternChoicesMax = 4_000_000
    /// Instructions of a compiled pattern: `(a{50}){50}` has many.
    package static let patternInstructionsMax = 20_000
}
