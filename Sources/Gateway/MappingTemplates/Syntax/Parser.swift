/// Reads a template. One parser per text: a double-quoted string with references in it gets a parser of its own.
struct Parser {
    var cursor: Cursor
    let symbols: SymbolTable
    /// Levels of blocks, parentheses and strings around the current position.
    var depth: Int

    private var nodes: [SyntaxNode] = []
    /// Text not yet a node.
    private var text: [UInt8] = []
    /// Where in ``text`` the run since the last reference, directive or comment begins.
    private var runStart = 0

    init(_ bytes: [UInt8], at place: Place, symbols: SymbolTable, depth: Int) {
        cursor = Cursor(bytes, startingAt: place)
        self.symbols = symbols
        self.depth = depth
    }

    static func parse(_ text: String) throws(TemplateFailure) -> Program {
        guard text.utf8.count <= TemplateLimits.templateBytesMax else {
            throw TemplateFailure(
                .tooLarge,
                "the template has \(text.utf8.count) bytes, and at most \(TemplateLimits.templateBytesMax) are allowed",
                at: .start)
        }
        let symbols = SymbolTable()
        var parser = Parser(Array(text.utf8), at: .start, symbols: symbols, depth: 0)
        let nodes = try parser.wholeText()
        return Program(
            nodes: nodes, variables: symbols.variables, blocks: symbols.blocks, assigned: symbols.assignedByMacro)
    }

    mutating func wholeText() throws(TemplateFailure) -> [SyntaxNode] {
        let (nodes, end) = try block(within: nil)
        switch end {
        case .endOfText: return nodes
        case .end(let place): throw TemplateFailure(.syntax, "`#end` ends nothing", at: place)
        case .otherwise(let place): throw TemplateFailure(.syntax, "`#else` belongs to no `#if`", at: place)
        case .elseIf(let place): throw TemplateFailure(.syntax, "`#elseif` belongs to no `#if`", at: place)
        }
    }

    /// What ends a block.
    enum BlockEnd {
        case endOfText
        case end(Place)
        case otherwise(Place)
        case elseIf(Place)
    }

    /// A directive with a block, for the message when its `#end` is missing.
    struct Opener {
        var name: String
        var place: Place
    }

    /// Everything up to the end of the text, or to the `#end`, `#else` or `#elseif` of this block.
    mutating func block(within opener: Opener?) throws(TemplateFailure) -> ([SyntaxNode], BlockEnd) {
        try enter()
        let outer = (nodes, text, runStart)
        (nodes, text, runStart) = ([], [], 0)
        let end = try scan()
        if case .endOfText = end, let opener {
            throw TemplateFailure(.syntax, "`#\(opener.name)` has no `#end`", at: opener.place)
        }
        flush()
        let made = nodes
        (nodes, text, runStart) = outer
        depth -= 1
        return (made, end)
    }

    mutating func enter() throws(TemplateFailure) {
        depth += 1
        guard depth <= TemplateLimits.nestingMax else {
            throw TemplateFailure(
                .tooDeep, "more than \(TemplateLimits.nestingMax) levels are nested here", at: cursor.place())
        }
    }

    private mutating func scan() throws(TemplateFailure) -> BlockEnd {
        while let byte = cursor.byte {
            switch byte {
            case UInt8(ascii: "$"):
                if let reference = try reference() {
                    emit(.reference(reference))
                } else {
                    text.append(byte)
                    cursor.advance()
                }
            case UInt8(ascii: "#"):
                if let end = try hash() { return end }
            case UInt8(ascii: "\\"): try backslashes()
            default:
                let start = cursor.position
                var end = start + 1
                while end < cursor.bytes.count, !Self.isSpecial(cursor.bytes[end]) { end += 1 }
                text.append(contentsOf: cursor.bytes[start..<end])
                cursor.move(to: end)
            }
        }
        return .endOfText
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "$") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "\\")
    }

    private mutating func flush() {
        if !text.isEmpty { nodes.append(.text(text)) }
        text = []
        runStart = 0
    }

    mutating func emit(_ node: SyntaxNode) {
        flush()
        nodes.append(node)
    }

    /// A `#set` takes the blanks before it away if they follow a directive, a reference or a comment.
    private mutating func dropBlanksBeforeSet() {
        if text[runStart...].allSatisfy(\.isBlank) { text.removeSubrange(runStart...) }
    }

    // MARK: Comments, literal text, directives

    private mutating func hash() throws(TemplateFailure) -> BlockEnd? {
        if cursor.hasPrefix("##") {
            while let byte = cursor.byte, byte != UInt8(ascii: "\n") { cursor.advance() }
            _ = cursor.take(UInt8(ascii: "\n"))
            runStart = text.count
            return nil
        }
        if cursor.hasPrefix("#*") {
            _ = try skip(past: "*#", open: "#*")
            runStart = text.count
            return nil
        }
        if cursor.hasPrefix("#[[") {
            text.append(contentsOf: cursor.bytes[try skip(past: "]]#", open: "#[[")])
            runStart = text.count
            return nil
        }
        guard let (directive, length) = directiveHere() else {
            if try macroCall() { return nil }
            text.append(UInt8(ascii: "#"))
            cursor.advance()
            return nil
        }
        let place = cursor.place()
        if directive == .set { dropBlanksBeforeSet() }
        cursor.advance(length)
        return try parse(directive, at: place)
    }

    /// The range between the two marks; the cursor stands behind the second.
    private mutating func skip(past close: StaticString, open: StaticString) throws(TemplateFailure) -> Range<Int> {
        let place = cursor.place()
        cursor.advance(open.utf8CodeUnitCount)
        let start = cursor.position
        while !cursor.isAtEnd {
            if cursor.hasPrefix(close) {
                let range = start..<cursor.position
                cursor.advance(close.utf8CodeUnitCount)
                return range
            }
            cursor.advance()
        }
        throw TemplateFailure(.syntax, "`\(open)` is not closed by `\(close)`", at: place)
    }

    /// The directive at a `#`, with the length of `#name` or `#{name}`; nil if it is text.
    private func directiveHere() -> (Directive, length: Int)? {
        let hasBrace = cursor.peek(1) == UInt8(ascii: "{")
        let start = cursor.position + (hasBrace ? 2 : 1)
        var end = start
        while end < cursor.bytes.count, cursor.bytes[end].continuesWord { end += 1 }
        guard end - start <= 16, let directive = Directive(rawValue: cursor.text(start..<end)) else { return nil }
        if hasBrace {
            guard end < cursor.bytes.count, cursor.bytes[end] == UInt8(ascii: "}") else { return nil }
            end += 1
        }
        return (directive, end - cursor.position)
    }

    private mutating func parse(_ directive: Directive, at place: Place) throws(TemplateFailure) -> BlockEnd? {
        switch directive {
        case .set: emit(try set(at: place))
        case .if: emit(try branch(at: place))
        case .foreach: emit(try loop(at: place))
        case .define: emit(try define(at: place))
        case .break: emit(try leave(at: place))
        case .stop:
            if cursor.byte == UInt8(ascii: "(") { _ = try arguments() }
            emit(.stop)
        case .end:
            lineEnd()
            return .end(place)
        case .else:
            lineEnd()
            return .otherwise(place)
        case .elseif: return .elseIf(place)
        case .macro: try macro(at: place)
        case .parse, .include, .evaluate, .return:
            throw TemplateFailure(
                .unsupportedDirective, "the directive `#\(directive.rawValue)` is not supported", at: place)
        }
        return nil
    }

    /// Takes blanks and one line break away, if only blanks are left on the line.
    mutating func lineEnd() {
        var distance = 0
        while let byte = cursor.peek(distance), byte.isBlank { distance += 1 }
        if cursor.peek(distance) == UInt8(ascii: "\r") {
            distance += cursor.peek(distance + 1) == UInt8(ascii: "\n") ? 2 : 1
        } else if cursor.peek(distance) == UInt8(ascii: "\n") {
            distance += 1
        } else {
            return
        }
        cursor.advance(distance)
    }

    // MARK: Escapes

    /// Backslashes escape what follows only if it is a reference or a directive: each two of them print one.
    private mutating func backslashes() throws(TemplateFailure) {
        let start = cursor.position
        while cursor.byte == UInt8(ascii: "\\") { cursor.advance() }
        let count = cursor.position - start
        let literal: Range<Int>
        if cursor.byte == UInt8(ascii: "$") {
            var ahead = self
            guard try ahead.reference() != nil else { return keep(count) }
            literal = cursor.position..<ahead.cursor.position
        } else if cursor.byte == UInt8(ascii: "#"), let (_, length) = directiveHere() {
            literal = cursor.position..<(cursor.position + length)
        } else {
            return keep(count)
        }
        keep(count / 2)
        if count % 2 == 1 {
            text.append(contentsOf: cursor.bytes[literal])
            cursor.move(to: literal.upperBound)
        }
    }

    private mutating func keep(_ backslashes: Int) {
        text.append(contentsOf: repeatElement(UInt8(ascii: "\\"), count: backslashes))
    }
}

/// The words after `#` that mean something.
enum Directive: String {
    case set, `if`, `elseif`, `else`, end, foreach, define, macro, `break`, stop
    /// Known and refused.
    case parse, include, evaluate, `return`
}
