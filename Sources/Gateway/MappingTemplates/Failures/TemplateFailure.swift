package import Diagnostics

/// A template, a path or a pattern that cannot be used, or a rendering that did not end well.
package struct TemplateFailure: Failure, Equatable {
    package enum Code: String, StableCode {
        case syntax = "template.syntax"
        case unsupportedDirective = "template.unsupported-directive"
        case unknownMethod = "template.unknown-method"
        case tooLarge = "template.too-large"
        case tooDeep = "template.too-deep"
        case outputTooLarge = "template.output-too-large"
        case tooMuchWork = "template.too-much-work"
        case badPath = "template.bad-path"
        case badPattern = "template.bad-pattern"
        case patternTooSlow = "template.pattern-too-slow"
        case bodyNotJSON = "template.body-not-json"
        case badArgument = "template.bad-argument"
    }

    package let code: Code
    package let message: String
    /// Counted from 1, in the template; in a path or a pattern of its own it is 1.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int
    package let cause: (any Error)?

    /// A template and a body are as they are: only another one can help.
    package var recovery: Recovery { .awaitCommit }

    init(_ code: Code, _ message: String, at place: Place, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.line = Int(place.line)
        self.column = Int(place.column)
        self.cause = cause
    }

    package static func == (left: Self, right: Self) -> Bool {
        (left.code, left.message, left.line, left.column) == (right.code, right.message, right.line, right.column)
    }

    package var description: String {
        let head = "\(code.rawValue): \(message) (line \(line), column \(column))"
        return cause.map { "\(head): \($0)" } ?? head
    }
}

/// Where something stands in a template; both counted from 1, the column in Unicode scalars.
struct Place: Sendable, Hashable {
    var line: Int32
    var column: Int32

    static let start = Place(line: 1, column: 1)
}
