import Diagnostics

/// Times of SAML: always UTC, with or without parts of seconds.
///
/// - Note: Source: SAML 2.0 core, section 1.3.3.
enum SAMLTime {
    /// Whole seconds since 1970; nil for what is none.
    static func seconds(_ text: String) -> Int? {
        guard text.hasSuffix("Z"), let mark = text.firstIndex(of: "T"),
            let date = CivilDate(text: String(text[..<mark]))
        else { return nil }
        let parts = text[text.index(after: mark)...].dropLast().split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let clock = parts[0].split(separator: ":", omittingEmptySubsequences: false)
        func isNumber(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } }
        guard clock.map(\.utf8.count) == [2, 2, 2], clock.allSatisfy(isNumber), parts.dropFirst().allSatisfy(isNumber),
            let hours = Int(clock[0]), let minutes = Int(clock[1]), let seconds = Int(clock[2]), hours < 24,
            minutes < 60, seconds <= 60
        else { return nil }
        return date.daysSince1970 * 86_400 + hours * 3600 + minutes * 60 + seconds
    }
}
