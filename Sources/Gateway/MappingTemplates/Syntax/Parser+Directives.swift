extension Parser {
    mutating func set(at place: Place) throws(TemplateFailure) -> SyntaxNode {
        try openParenthesis(of: "set")
        skipSpace()
        let targetPlace = cursor.place()
        guard cursor.byte == UInt8(ascii: "$"), let target = try reference() else {
            throw TemplateFailure(.syntax, "`#set` wants a reference such as `$name`", at: targetPlace)
        }
        switch target.steps.last {
        case nil, .property, .index: break
        case .method, .path, .json:
            throw TemplateFailure(.syntax, "`#set` cannot give a value to what a method returns", at: targetPlace)
        }
        if case .loop = target.root {
            throw TemplateFailure(.syntax, "`#set` cannot change what a loop counts", at: targetPlace)
        }
        if case .variable(let variable) = target.root, target.steps.isEmpty { symbols.assigned.insert(variable) }
        skipSpace()
        guard cursor.take(UInt8(ascii: "=")) else { throw unexpected("`=` of `#set`") }
        let value = try expression()
        try closeParenthesis(of: "set")
        return .set(target, value)
    }

    mutating func branch(at place: Place) throws(TemplateFailure) -> SyntaxNode {
        let opener = Opener(name: "if", place: place)
        var arms: [SyntaxNode.Arm] = []
        var name = "if"
        while true {
            try openParenthesis(of: name)
            let condition = try expression()
            try closeParenthesis(of: name)
            let (body, end) = try block(within: opener)
            arms.append(SyntaxNode.Arm(condition: condition, body: body))
            switch end {
            case .elseIf: name = "elseif"
            case .end, .endOfText: return .branch(arms, otherwise: [])
            case .otherwise:
                let (otherwise, last) = try block(within: opener)
                switch last {
                case .end, .endOfText: return .branch(arms, otherwise: otherwise)
                case .otherwise(let place), .elseIf(let place):
                    throw TemplateFailure(.syntax, "nothing but `#end` can follow `#else`", at: place)
                }
            }
        }
    }

    mutating func loop(at place: Place) throws(TemplateFailure) -> SyntaxNode {
        try openParenthesis(of: "foreach")
        let variable = try plainVariable(of: "foreach")
        skipSpace()
        guard cursor.hasPrefix("in"), cursor.peek(2)?.continuesWord != true else {
            throw unexpected("`in` of `#foreach`")
        }
        cursor.advance(2)
        let list = try expression()
        try closeParenthesis(of: "foreach")
        let body = try plainBlock(Opener(name: "foreach", place: place))
        return .loop(SyntaxNode.Loop(variable: variable, list: list, body: body))
    }

    /// `#break`, `#break($foreach)`, `#break($foreach.parent)`, `#break($foreach.topmost)` or `#break($template)`.
    mutating func leave(at place: Place) throws(TemplateFailure) -> SyntaxNode {
        guard cursor.byte == UInt8(ascii: "(") else { return .leave }
        let arguments = try arguments()
        guard !arguments.isEmpty else { return .leave }
        if arguments.count == 1, case .reference(let scope) = arguments[0], case .variable(let variable) = scope.root {
            let names = scope.steps.map { if case .property(let name) = $0 { name } else { "" } }
            switch (symbols.variables[variable], names.last) {
            case ("template", nil): return .stop
            case ("foreach", "topmost") where names.count == 1: return .leaveLoop(.max)
            case ("foreach", _) where names.allSatisfy({ $0 == "parent" }): return .leaveLoop(names.count)
            default: break
            }
        }
        throw TemplateFailure(.syntax, "`#break` wants `$foreach`, a `parent` of it, or `$template`", at: place)
    }

    mutating func define(at place: Place) throws(TemplateFailure) -> SyntaxNode {
        try openParenthesis(of: "define")
        let variable = try plainVariable(of: "define")
        try closeParenthesis(of: "define")
        symbols.blocks.append(try plainBlock(Opener(name: "define", place: place)))
        return .define(variable: variable, block: symbols.blocks.count - 1)
    }

    mutating func plainBlock(_ opener: Opener) throws(TemplateFailure) -> [SyntaxNode] {
        let (body, end) = try block(within: opener)
        switch end {
        case .end, .endOfText: return body
        case .otherwise(let place):
            throw TemplateFailure(.syntax, "`#else` belongs to no `#if`", at: place)
        case .elseIf(let place):
            throw TemplateFailure(.syntax, "`#elseif` belongs to no `#if`", at: place)
        }
    }

    mutating func plainVariable(of directive: String) throws(TemplateFailure) -> Int {
        skipSpace()
        let place = cursor.place()
        guard cursor.byte == UInt8(ascii: "$"), let target = try reference(), target.steps.isEmpty,
            case .variable(let variable) = target.root
        else { throw TemplateFailure(.syntax, "`#\(directive)` wants a variable such as `$name`", at: place) }
        return variable
    }

    mutating func openParenthesis(of directive: String) throws(TemplateFailure) {
        while let byte = cursor.byte, byte.isBlank { cursor.advance() }
        guard cursor.take(UInt8(ascii: "(")) else { throw unexpected("`(` after `#\(directive)`") }
    }

    private mutating func closeParenthesis(of directive: String) throws(TemplateFailure) {
        skipSpace()
        guard cursor.take(UInt8(ascii: ")")) else { throw unexpected("`)` of `#\(directive)`") }
        lineEnd()
    }

    mutating func skipSpace() {
        while let byte = cursor.byte, byte.isSpace { cursor.advance() }
    }

    /// Says what was wanted and what stands there instead.
    mutating func unexpected(_ wanted: String) -> TemplateFailure {
        guard cursor.byte != nil else {
            return TemplateFailure(.syntax, "\(wanted) is missing at the end of the text", at: cursor.place())
        }
        var end = cursor.position + 1
        while end < cursor.bytes.count, end - cursor.position < 20,
            cursor.bytes[end].continuesWord || cursor.bytes[end] & 0xC0 == 0x80
        { end += 1 }
        return TemplateFailure(
            .syntax, "\(wanted) is missing before `\(cursor.text(cursor.position..<end))`", at: cursor.place())
    }
}
