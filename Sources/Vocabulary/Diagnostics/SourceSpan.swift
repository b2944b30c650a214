/// A place in a file of the commit's tree.
package struct SourceSpan: Sendable, Hashable {
    /// Path relative to the root of the tree, with `/` between the parts.
    package var file: String
    /// Counted from 1.
    package var line: Int
    /// Counted from 1, in Unicode scalars.
    package var column: Int
    /// In Unicode scalars, on one line; at least 1.
    package var length: Int

    package init(file: String, line: Int, column: Int, length: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
    }
}

extension SourceSpan: CustomStringConvertible {
    /// `file:line:column`, the form that editors and CI systems recognise.
    package var description: String { "\(file):\(line):\(column)" }
}

extension SourceSpan: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column, left.length) < (right.file, right.line, right.column, right.length)
    }
}
