extension HeaderFields {
    /// Appends a header whose text a mapping or a template made: it must not break out of its line.
    mutating func appendChecked(_ name: String, _ value: String) throws(GatewayError) {
        guard !name.isEmpty, name.utf8.allSatisfy(HeadScanner.isToken) else {
            throw .configuration("the header name `\(name)` is not valid")
        }
        guard value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
            throw .configuration("the value of the header `\(name)` holds control characters")
        }
        append(name, value)
    }

    /// Appends a header for the client, renamed or left out where the service does so.
    mutating func appendForClient(_ name: String, _ value: String) throws(GatewayError) {
        switch KnownHeader(name).responseOutcome {
        case .sent: try appendChecked(name, value)
        case .remapped: try appendChecked(KnownHeader.remappedPrefix + name, value)
        case .dropped: break
        }
    }
}
