/// Why a text is no document that ``XMLReader`` reads.
struct XMLProblem: Error, Hashable, CustomStringConvertible {
    /// One sentence, lower case, no full stop.
    let message: String
    /// Bytes before the place.
    let offset: Int

    var description: String { "\(message) (byte \(offset))" }
}
