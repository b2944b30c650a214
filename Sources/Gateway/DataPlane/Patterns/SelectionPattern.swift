/// A selection pattern of an integration response, held against a whole text.
///
/// It runs all ways through the expression side by side, so that time is bounded by the length of the text times the
/// size of the pattern, whatever the pattern.
struct SelectionPattern: Sendable {
    private enum Instruction: Sendable {
        case scalar(ScalarSet)
        case start
        case end
        case jump(Int)
        case split(Int, Int)
        case match
    }

    private var program: [Instruction] = []
    /// Steps taken to compile: repetitions of nothing add no state and must end too.
    private var work = 0

    init(parsing text: String) throws(PatternParser.Malformed) {
        guard text.utf8.count <= Limits.patternBytesMax else {
            throw PatternParser.Malformed(reason: "the pattern is too long")
        }
        var parser = PatternParser(text)
        try add(try parser.parse())
        program.append(.match)
    }

    private mutating func append(_ instruction: Instruction) throws(PatternParser.Malformed) {
        guard program.count < Limits.patternStatesMax else {
            throw PatternParser.Malformed(reason: "the pattern repeats too much")
        }
        program.append(instruction)
    }

    private mutating func add(_ syntax: PatternSyntax) throws(PatternParser.Malformed) {
        work += 1
        guard work <= 4 * Limits.patternStatesMax else {
            throw PatternParser.Malformed(reason: "the pattern repeats too much")
        }
        switch syntax {
        case .empty: break
        case .set(let set): try append(.scalar(set))
        case .start: try append(.start)
        case .end: try append(.end)
        case .sequence(let parts): for part in parts { try add(part) }
        case .choice(let branches):
            var jumps: [Int] = []
            for (position, branch) in branches.enumerated() {
                guard position < branches.count - 1 else {
                    try add(branch)
                    break
                }
                let split = program.count
                try append(.match)
                try add(branch)
                jumps.append(program.count)
                try append(.match)
                program[split] = .split(split + 1, program.count)
            }
            for jump in jumps { program[jump] = .jump(program.count) }
        case .repeated(let inner, let least, let most):
            for _ in 0..<least { try add(inner) }
            guard let most else {
                let split = program.count
                try append(.match)
                try add(inner)
                try append(.jump(split))
                program[split] = .split(split + 1, program.count)
                return
            }
            var splits: [Int] = []
            for _ in least..<most {
                splits.append(program.count)
                try append(.match)
                try add(inner)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }

    /// True if the pattern matches all of `text`; a text beyond the limit matches nothing.
    func matchesWhole(_ text: String) -> Bool {
        guard text.utf8.count <= Limits.patternSubjectBytesMax else { return false }
        var run = Run(size: program.count)
        follow(0, isStart: true, isEnd: text.isEmpty, &run)
        var scalars = text.unicodeScalars.makeIterator()
        var upcoming = scalars.next()
        while let scalar = upcoming {
            upcoming = scalars.next()
            guard !run.states.isEmpty else { return false }
            let states = run.states
            run.advance()
            for state in states {
                guard case .scalar(let set) = program[state], set.contains(scalar.value) else { continue }
                follow(state + 1, isStart: false, isEnd: upcoming == nil, &run)
            }
        }
        return run.states.contains { if case .match = program[$0] { true } else { false } }
    }

    /// The states reached after the same number of scalars.
    private struct Run {
        var states: [Int] = []
        private var seen: [Int]
        private var generation = 1

        init(size: Int) { seen = Array(repeating: 0, count: size) }

        mutating func advance() {
            generation += 1
            states.removeAll(keepingCapacity: true)
        }

        mutating func isNew(_ state: Int) -> Bool {
            guard seen[state] != generation else { return false }
            seen[state] = generation
            return true
        }
    }

    private func follow(_ first: Int, isStart: Bool, isEnd: Bool, _ run: inout Run) {
        var open = [first]
        while let state = open.popLast() {
            guard run.isNew(state) else { continue }
            switch program[state] {
            case .jump(let target): open.append(target)
            case .split(let one, let other):
                open.append(other)
                open.append(one)
            case .start: if isStart { open.append(state + 1) }
            case .end: if isEnd { open.append(state + 1) }
            case .scalar, .match: run.states.append(state)
            }
        }
    }
}
