/// One source line as a terminal shows it, and where the marks under it go.
///
/// Tabs become blanks, wide characters count two columns and combining ones none, control characters are shown as `�`,
/// and of a long line only the part around the place is shown.
struct Excerpt {
    private(set) var text = ""
    private(set) var markOffset = 0
    /// At least 1.
    private(set) var markWidth = 0

    private static let tabWidth = 4
    /// LIMIT: terminal columns of an excerpt.
    private static let columnsMax = 120
    /// Columns shown before the place in a line that is cut.
    private static let columnsBefore = 40

    /// - Parameters:
    ///   - column: Counted from 1, in Unicode scalars; a place past the end of the line is just behind it.
    ///   - length: In Unicode scalars; what reaches past the end of the line is cut.
    init(line: Substring, column: Int, length: Int) {
        let scalars = line.unicodeScalars
        let first = min(max(1, column), Int(Int32.max)) - 1
        let end = first + min(max(1, length), Int(Int32.max))
        var cut = 0
        if scalars.count > Self.columnsMax, first > Self.columnsBefore {
            cut = min(first, scalars.count) - Self.columnsBefore
        }

        var columns = 0
        if cut > 0 { append("…", width: 1, to: &columns) }
        var marked = false
        for (position, scalar) in scalars.enumerated().dropFirst(cut) {
            if position == first {
                markOffset = columns
                marked = true
            }
            let before = columns
            guard columns < Self.columnsMax else {
                append("…", width: 1, to: &columns)
                if position < end { markWidth += 1 }
                break
            }
            show(scalar, to: &columns)
            if position >= first, position < end { markWidth += columns - before }
        }
        if !marked { markOffset = columns }
        markWidth = max(1, markWidth)
    }

    private mutating func show(_ scalar: Unicode.Scalar, to columns: inout Int) {
        if scalar == "\t" {
            append(String(repeating: " ", count: Self.tabWidth), width: Self.tabWidth, to: &columns)
        } else if Printable.isControl(scalar) {
            append("\u{FFFD}", width: 1, to: &columns)
        } else {
            append(String(scalar), width: Self.width(of: scalar), to: &columns)
        }
    }

    private mutating func append(_ shown: String, width: Int, to columns: inout Int) {
        text += shown
        columns += width
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        return isWide(scalar.value) ? 2 : 1
    }

    /// SOURCE: Unicode 15, EastAsianWidth.txt: the blocks that are W or F nearly throughout.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

/// What may go to a terminal.
enum Printable {
    /// Controls and the characters that turn the direction of writing, which could make a line look like another.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The text on one line, controls replaced.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(scalar == "\n" || scalar == "\t" ? " " : isControl(scalar) ? "\u{FFFD}" : scalar)
        }
        return String(result)
    }
}
