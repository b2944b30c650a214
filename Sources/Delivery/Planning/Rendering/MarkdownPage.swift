/// Markdown whose parts are added only while they fit.
///
/// Text from the repository stands in code only: it can neither end the folding, nor be a link, nor call anybody.
struct MarkdownPage {
    /// In bytes of UTF-8.
    let bytesMax: Int
    private(set) var text = ""

    /// The longest run of backticks that a code block may have inside.
    private static let ticksMax = 64

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var room: Int { bytesMax - text.utf8.count }

    mutating func add(_ part: String) { text += part }

    /// - Returns: Whether there was room for it, with `reserve` bytes left over.
    mutating func add(_ part: String, reserving reserve: Int) -> Bool {
        guard part.utf8.count + reserve <= room else { return false }
        text += part
        return true
    }

    /// Adds whole blocks of lines as one code block while the page keeps `reserve` bytes of room; then what `rest` says
    /// of how many are left. Nothing at all where not even that fits.
    mutating func add(
        fenced blocks: some Collection<[String]>, as language: String, reserving reserve: Int, rest: (Int) -> String
    ) {
        let frame = 2 * (Self.ticksMax + 1) + language.utf8.count + 4 + rest(blocks.count).utf8.count
        let room = room - reserve - frame
        guard room >= 0 else { return }
        var body = ""
        var count = 0
        for block in blocks {
            let part = block.joined(separator: "\n") + "\n"
            guard body.utf8.count + part.utf8.count <= room, Self.longestTicks(part) <= Self.ticksMax else { break }
            body += part
            count += 1
        }
        if count < blocks.count { body += rest(blocks.count - count) + "\n" }
        let fence = String(repeating: "`", count: max(3, Self.longestTicks(body) + 1))
        text += "\(fence)\(language)\n\(body)\(fence)\n"
    }

    /// A code span that ends where it should, whatever is inside; cut like a value.
    static func code(_ text: String) -> String {
        let shown = Shown.line(text[...])
        let ticks = String(repeating: "`", count: longestTicks(shown) + 1)
        let pad = shown.hasPrefix("`") || shown.hasSuffix("`") || shown.isEmpty ? " " : ""
        return ticks + pad + shown + pad + ticks
    }

    /// The line by which a comment about the same thing is found again.
    ///
    /// - Parameter name: Of an environment; nil for all of them. What is no letter, digit, `.`, `_` or `-` is written as
    ///   `%` and its code, so that nothing in a name ends the mark.
    static func marker(_ name: String?) -> String {
        guard let name else { return "<!-- gatewright:all -->" }
        let escaped = name.utf8.prefix(100).map { byte -> String in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                String(UnicodeScalar(byte))
            default: "%" + String(byte, radix: 16)
            }
        }
        return "<!-- gatewright:\(escaped.joined()) -->"
    }

    private static func longestTicks(_ text: String) -> Int {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
