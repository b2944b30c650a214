package import Diagnostics

/// A text that is not one JSON value by RFC 8259, or one past the limits.
package struct JSONFailure: Failure, Equatable {
    package enum Code: String, StableCode {
        case syntax = "json.syntax"
        case notUTF8 = "json.not-utf8"
        case duplicateName = "json.duplicate-name"
        case tooDeep = "json.too-deep"
        case tooLarge = "json.too-large"
    }

    package let code: Code
    /// Ends with the place: `... (line 3, column 5)`.
    package let message: String
    /// Counted from 1.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int

    package var recovery: Recovery { .awaitCommit }

    init(_ fault: ScanFault, line: Int, column: Int) {
        code = fault.code
        message = "\(fault.message) (line \(line), column \(column))"
        self.line = line
        self.column = column
    }
}

/// What stops the scanner, before anyone asked for its line.
struct ScanFault: Error {
    let code: JSONFailure.Code
    let message: String
    let remedy: String?
    let start: Int
    let end: Int

    init(
        _ code: JSONFailure.Code, _ message: String, at start: Int, to end: Int? = nil,
        remedy: String? = nil
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.start = start
        self.end = end ?? start + 1
    }
}

extension JSONFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .syntax:
            Explanation(
                meaning: "a text is not JSON as RFC 8259 has it",
                cause: "a missing or extra comma, a comment, a single quote, a text that was cut off",
                remedy: "correct the text at the line and column of the message",
                example: #"{"name": "petstore",}"#)
        case .notUTF8:
            Explanation(
                meaning: "a JSON text has bytes that are not UTF-8",
                cause: "a file saved in another encoding, or binary data",
                remedy: "save the file as UTF-8")
        case .duplicateName:
            Explanation(
                meaning: "an object has two members of one name, so that one of them would be lost",
                cause: "a member copied and not renamed",
                remedy: "remove or rename one of them",
                example: #"{"name": "a", "name": "b"}"#)
        case .tooDeep:
            Explanation(
                meaning: "arrays and objects are inside one another more often than is read",
                cause: "a generated or hostile text",
                remedy: "make the text flatter: 100 levels are read")
        case .tooLarge:
            Explanation(
                meaning: "a JSON text has more bytes than is read",
                cause: "a generated text, or a file that is not meant to be read here",
                remedy: "split the file")
        }
    }
}
