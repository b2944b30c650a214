/// Why a text is no document that ``XMLReader`` reads.
package struct XMLProblem: Error, Hashable, CustomStringConvertible {
    /// One sentence, lower case, no full stop.
    package let message: String
    /// Bytes before the place.
    package let offset: Int

    package var description: String { "\(message) (byte \(offset))" }
}
