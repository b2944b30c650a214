extension Parser {
    /// `#macro(name $a $b) … #end`: prints nothing where it stands, its body where it is called.
    mutating func macro(at place: Place) throws(TemplateFailure) {
        try openParenthesis(of: "macro")
        skipSpace()
        let namePlace = cursor.place()
        let length = wordLength(from: 0)
        let name = cursor.text(cursor.position..<(cursor.position + length))
        guard let first = cursor.byte, first.startsName else { throw unexpected("the name of the `#macro`") }
        guard Directive(rawValue: name) == nil, symbols.macros[name] == nil else {
            throw TemplateFailure(.syntax, "the name `\(name)` is taken", at: namePlace)
        }
        cursor.advance(length)
        var parameters: [Int] = []
        while try !closesMacro() { parameters.append(try plainVariable(of: "macro")) }
        lineEnd()
        symbols.blocks.append([])
        let block = symbols.blocks.count - 1
        // Before its body is read: it may call itself.
        symbols.macros[name] = SymbolTable.Macro(parameters: parameters, block: block)
        let outer = symbols.assigned
        symbols.assigned = []
        symbols.blocks[block] = try plainBlock(Opener(name: "macro", place: place))
        symbols.assignedByMacro[block] = symbols.assigned
        symbols.assigned.formUnion(outer)
    }

    /// Reads a call of a macro that was defined before; what else begins with `#` is text.
    ///
    /// - Returns: False if here is none.
    mutating func macroCall() throws(TemplateFailure) -> Bool {
        // `#@name(…) … #end` hands its block on as `$bodyContent`.
        let hasBlock = cursor.peek(1) == UInt8(ascii: "@")
        let mark = hasBlock ? 2 : 1
        let hasBrace = cursor.peek(mark) == UInt8(ascii: "{")
        let start = mark + (hasBrace ? 1 : 0)
        let length = wordLength(from: start)
        guard length > 0, !symbols.macros.isEmpty else { return false }
        let name = cursor.text((cursor.position + start)..<(cursor.position + start + length))
        guard let macro = symbols.macros[name] else { return false }
        var end = start + length
        if hasBrace {
            guard cursor.peek(end) == UInt8(ascii: "}") else { return false }
            end += 1
        }
        while let byte = cursor.peek(end), byte.isBlank { end += 1 }
        guard cursor.peek(end) == UInt8(ascii: "(") else { return false }
        let place = cursor.place()
        cursor.advance(end + 1)
        try enter()
        var arguments: [Expression] = []
        while try !closesMacro() { arguments.append(try operand()) }
        depth -= 1
        lineEnd()
        guard arguments.count <= macro.parameters.count else {
            throw TemplateFailure(
                .syntax, "the macro takes \(macro.parameters.count) arguments and is given \(arguments.count)",
                at: place)
        }
        var parameters = macro.parameters.enumerated().map { position, variable in
            (variable: variable, argument: position < arguments.count ? arguments[position] : nil)
        }
        if hasBlock {
            symbols.blocks.append(try plainBlock(Opener(name: name, place: place)))
            parameters.append((symbols.variable("bodyContent"), .block(symbols.blocks.count - 1)))
        }
        emit(.call(SyntaxNode.Call(parameters: parameters, block: macro.block, place: place)))
        return true
    }

    /// Passes blanks, commas and the `)` that ends the list.
    private mutating func closesMacro() throws(TemplateFailure) -> Bool {
        skipSpace()
        while cursor.take(UInt8(ascii: ",")) { skipSpace() }
        return cursor.take(UInt8(ascii: ")"))
    }

    private func wordLength(from distance: Int) -> Int {
        var length = 0
        while let byte = cursor.peek(distance + length), byte.continuesWord { length += 1 }
        return length
    }
}
