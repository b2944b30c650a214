import NIOCore

/// Where the writing of an answer stands.
struct AnswerState {
    enum Framing {
        case none
        /// The length was written before the body.
        case length
        case chunked
        /// HTTP/1.0: the end of the connection ends the body.
        case untilClose
    }

    /// An answer is owed or being written.
    var isOpen = false
    var hasBegun = false
    var isHead = false
    var isVersion10 = false
    var keepsAlive = true
    var framing = Framing.none
    var identity = ExchangeIdentity(high: 0, low: 0, extended: 0, milliseconds: 0)
    var status = 0
    /// How a body is packed for this client; nil: it is not.
    var packing: ResponsePacking?
    /// When its head had come.
    var started = NIODeadline.uptimeNanoseconds(0)
}
