/// Bytes that are no HTTP/1 message, or one that is refused; the connection cannot be used further.
enum WireFailure: Error, Equatable {
    case malformed
    case headTooLong
    case tooManyHeaders
    case versionNotSupported
    case transferCodingNotSupported
}
