import Diagnostics

extension JSONValue {
    /// The value of a whole text.
    ///
    /// - Throws: every ``JSONFailure/Code``; the first fault ends it.
    package init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONFailure) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONFailure) in
            try JSONValue(parsing: buffer, limits: limits)
        }
    }

    /// The value of a whole text.
    package init(parsing text: String, limits: JSONLimits = .standard) throws(JSONFailure) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// The value of a whole text in memory that someone else keeps.
    package init(parsing bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(JSONFailure) {
        var scanner = JSONScanner(bytes, limits: limits, maker: ValueMaking())
        do {
            self = try scanner.scan()
        } catch {
            var cursor = PlaceCursor()
            cursor.advance(to: error.start, in: bytes)
            throw JSONFailure(error, line: cursor.line, column: cursor.column)
        }
    }
}
