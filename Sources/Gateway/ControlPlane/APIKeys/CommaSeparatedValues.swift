/// RFC 4180, as far as files of API keys go.
enum CommaSeparatedValues {
    /// Rows that are not empty; blanks around values are left out.
    static func rows(_ text: String) throws(ServiceError) -> [[String]] {
        var reader = Reader()
        for scalar in text.unicodeScalars { try reader.take(scalar) }
        return try reader.finish()
    }

    private struct Reader {
        private enum Place { case start, plain, quoted, afterQuote }

        private var rows: [[String]] = []
        private var row: [String] = []
        private var value = ""
        private var place = Place.start

        mutating func take(_ scalar: Unicode.Scalar) throws(ServiceError) {
            switch (place, scalar) {
            case (.quoted, "\""): place = .afterQuote
            case (.quoted, _): value.unicodeScalars.append(scalar)
            case (.afterQuote, "\""):
                value.unicodeScalars.append(scalar)
                place = .quoted
            case (_, ","): endValue()
            case (_, "\n"): endRow()
            case (_, "\r"): break
            case (.start, "\""): place = .quoted
            case (.start, " "), (.start, "\t"), (.afterQuote, " "), (.afterQuote, "\t"): break
            case (.afterQuote, _), (.plain, "\""):
                throw .badRequest("Invalid API key file: a quotation mark in row \(rows.count) is out of place")
            case (.start, _), (.plain, _):
                value.unicodeScalars.append(scalar)
                place = .plain
            }
        }

        mutating func finish() throws(ServiceError) -> [[String]] {
            guard place != .quoted else {
                throw .badRequest("Invalid API key file: a quotation mark in row \(rows.count) is not closed")
            }
            endRow()
            return rows
        }

        private mutating func endValue() {
            if place == .plain { while value.last == " " || value.last == "\t" { value.removeLast() } }
            row.append(value)
            value = ""
            place = .start
        }

        private mutating func endRow() {
            endValue()
            if row != [""] { rows.append(row) }
            row = []
        }
    }
}
