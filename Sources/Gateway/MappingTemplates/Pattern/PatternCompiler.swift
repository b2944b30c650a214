/// Writes the instructions of a pattern that was read.
struct PatternCompiler {
    private var instructions: [Pattern.Instruction] = []
    private var slotCount = 0
    private var written = 0

    /// - Throws: `template.too-large`.
    mutating func compile(
        _ tree: PatternNode, groupCount: Int, groupNames: [String: Int]
    ) throws(TemplateFailure) -> Pattern {
        slotCount = groupCount * 2
        try emit(.save(0))
        try emit(tree)
        try emit(.save(1))
        try emit(.match)
        return Pattern(
            instructions: instructions, groupCount: groupCount, slotCount: slotCount, groupNames: groupNames,
            literal: tree.literal)
    }

    private mutating func emit(_ instruction: Pattern.Instruction) throws(TemplateFailure) {
        guard instructions.count < TemplateLimits.patternInstructionsMax else {
            throw TemplateFailure(.tooLarge, "a pattern repeats too much", at: .start)
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: PatternNode) throws(TemplateFailure) {
        // Counted apart from the instructions: a loop over nothing writes none.
        written += 1
        guard written <= TemplateLimits.patternInstructionsMax else {
            throw TemplateFailure(.tooLarge, "a pattern repeats too much", at: .start)
        }
        switch node {
        case .empty: break
        case .instruction(let instruction): try emit(instruction)
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .group(let number, let body):
            try emit(.save(number * 2))
            try emit(body)
            try emit(.save(number * 2 + 1))
        case .alternatives(let branches): try emit(alternatives: branches)
        case .look(let isAhead, let isWanted, let body):
            let start = instructions.count
            try emit(.match)
            try emit(body)
            try emit(.match)
            instructions[start] = .look(isAhead: isAhead, isWanted: isWanted, next: instructions.count)
        case .atomic(let body):
            let start = instructions.count
            try emit(.match)
            try emit(body)
            try emit(.match)
            instructions[start] = .atomic(next: instructions.count)
        case .loop(let body, let min, let max, let isLazy): try emit(loop: body, min, max, isLazy: isLazy)
        }
    }

    private mutating func emit(alternatives branches: [PatternNode]) throws(TemplateFailure) {
        var jumps: [Int] = []
        for (number, branch) in branches.enumerated() {
            guard number < branches.count - 1 else {
                try emit(branch)
                break
            }
            let split = instructions.count
            try emit(.match)
            try emit(branch)
            jumps.append(instructions.count)
            try emit(.match)
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emit(loop body: PatternNode, _ min: Int, _ max: Int?, isLazy: Bool) throws(TemplateFailure) {
        for _ in 0..<min { try emit(body) }
        func split(_ inside: Int, _ outside: Int) -> Pattern.Instruction {
            isLazy ? .split(outside, inside) : .split(inside, outside)
        }
        // One character a turn: no turn matches nothing.
        if max == nil, case .instruction(let test) = body, test.isCharacter {
            let start = instructions.count
            try emit(.match)
            try emit(test)
            try emit(.jump(start))
            instructions[start] = split(start + 1, instructions.count)
            return
        }
        guard let max else {
            let slot = slotCount
            slotCount += 1
            let start = instructions.count
            try emit(.match)
            try emit(.save(slot))
            try emit(body)
            let check = instructions.count
            try emit(.match)
            try emit(.jump(start))
            instructions[start] = split(start + 1, instructions.count)
            instructions[check] = .leaveIfEmpty(slot: slot, exit: instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in min..<max {
            splits.append(instructions.count)
            try emit(.match)
            try emit(body)
        }
        for start in splits { instructions[start] = split(start + 1, instructions.count) }
    }
}
