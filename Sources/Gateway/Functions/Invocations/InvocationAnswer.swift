/// What came of an invocation.
package struct InvocationAnswer: Sendable {
    /// The function's answer, or the document of its error: JSON, unless the function sent something else.
    package var payload: [UInt8]
    /// The function failed, whether by its own word or by its end. (AWS: `FunctionError: Unhandled`.)
    package var isError: Bool
    /// The last 4 KiB of its log, from START to REPORT.
    package var logTail: [UInt8]
    package var requestID: String
    package var duration: Duration
    /// Nil where the process was there already.
    package var initDuration: Duration?
}
