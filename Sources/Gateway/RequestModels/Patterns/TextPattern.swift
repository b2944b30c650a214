/// A regular expression that never blows up.
///
/// It runs all ways through the expression side by side, so that time is bounded by the length of the text times the
/// size of the pattern, whatever the pattern; each look-ahead adds one such run a position.
package struct TextPattern: Sendable {
    private enum Instruction: Sendable {
        case scalar(QuickSet)
        case start
        case end
        case boundary(Bool)
        /// The program of that number must match from here on, or must not.
        case look(Int, isWanted: Bool)
        case jump(Int)
        case split(Int, Int)
        case match
    }

    /// A set that is asked with one look for ASCII.
    private struct QuickSet: Sendable {
        private var low: UInt64 = 0
        private var high: UInt64 = 0
        private let set: ScalarSet

        init(_ set: ScalarSet) {
            self.set = set
            for scalar in UInt32(0)..<64 where set.contains(scalar) { low |= 1 << UInt64(scalar) }
            for scalar in UInt32(64)..<128 where set.contains(scalar) { high |= 1 << UInt64(scalar - 64) }
        }

        func contains(_ scalar: UInt32) -> Bool {
            scalar < 64
                ? low >> UInt64(scalar) & 1 == 1
                : scalar < 128 ? high >> UInt64(scalar - 64) & 1 == 1 : set.contains(scalar)
        }
    }

    /// As written.
    package let text: String
    /// The pattern itself, then the look-aheads that it names.
    private var programs: [[Instruction]] = [[]]
    /// Steps taken to compile: repetitions of nothing add no state and must end too.
    private var work = 0

    package init(parsing text: String, dialect: PatternDialect) throws(PatternMalformed) {
        guard text.utf8.count <= ModelLimits.patternBytesMax else {
            throw PatternMalformed(reason: "the pattern is too long")
        }
        self.text = text
        var parser = PatternParser(text, dialect: dialect)
        try add(try parser.parse(), to: 0)
        programs[0].append(.match)
    }

    // MARK: Compiling

    private mutating func append(_ instruction: Instruction, to number: Int) throws(PatternMalformed) {
        guard programs.reduce(0, { $0 + $1.count }) < ModelLimits.patternStatesMax else {
            throw PatternMalformed(reason: "the pattern repeats too much")
        }
        programs[number].append(instruction)
    }

    private mutating func add(_ syntax: PatternSyntax, to number: Int) throws(PatternMalformed) {
        work += 1
        guard work <= 4 * ModelLimits.patternStatesMax else {
            throw PatternMalformed(reason: "the pattern repeats too much")
        }
        switch syntax {
        case .empty: break
        case .set(let set): try append(.scalar(QuickSet(set)), to: number)
        case .start: try append(.start, to: number)
        case .end: try append(.end, to: number)
        case .boundary(let isWanted): try append(.boundary(isWanted), to: number)
        case .look(let inner, let isWanted):
            let look = programs.count
            programs.append([])
            try add(inner, to: look)
            try append(.match, to: look)
            try append(.look(look, isWanted: isWanted), to: number)
        case .sequence(let parts): for part in parts { try add(part, to: number) }
        case .choice(let branches): try add(choice: branches, to: number)
        case .repeated(let inner, let least, let most): try add(inner, least: least, most: most, to: number)
        }
    }

    private mutating func add(choice branches: [PatternSyntax], to number: Int) throws(PatternMalformed) {
        var jumps: [Int] = []
        for (position, branch) in branches.enumerated() {
            guard position < branches.count - 1 else {
                try add(branch, to: number)
                break
            }
            let split = programs[number].count
            try append(.match, to: number)
            try add(branch, to: number)
            jumps.append(programs[number].count)
            try append(.match, to: number)
            programs[number][split] = .split(split + 1, programs[number].count)
        }
        for jump in jumps { programs[number][jump] = .jump(programs[number].count) }
    }

    private mutating func add(
        _ inner: PatternSyntax, least: Int, most: Int?, to number: Int
    ) throws(PatternMalformed) {
        for _ in 0..<least { try add(inner, to: number) }
        guard let most else {
            let split = programs[number].count
            try append(.match, to: number)
            try add(inner, to: number)
            try append(.jump(split), to: number)
            programs[number][split] = .split(split + 1, programs[number].count)
            return
        }
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(programs[number].count)
            try append(.match, to: number)
            try add(inner, to: number)
        }
        for split in splits { programs[number][split] = .split(split + 1, programs[number].count) }
    }

    // MARK: Matching

    /// True if the pattern matches all of `text`; a text beyond the limit matches nothing.
    package func matchesWhole(_ text: String) -> Bool {
        guard text.utf8.count <= ModelLimits.patternSubjectBytesMax else { return false }
        var budget = StepBudget(steps: .max, milliseconds: ModelLimits.patternMillisecondsMax)
        return run(0, Array(text.unicodeScalars.map(\.value)), from: 0, mode: .whole, budget: &budget) ?? false
    }

    /// True if the pattern matches some part of `text`.
    ///
    /// - Parameter budget: What may still be spent; less by what was.
    /// - Returns: Nil when it is spent or the text is longer than what is looked at.
    func isFound(in text: String, budget: inout StepBudget) -> Bool? {
        guard text.utf8.count <= ModelLimits.patternSubjectBytesMax else { return nil }
        return run(0, Array(text.unicodeScalars.map(\.value)), from: 0, mode: .anywhere, budget: &budget)
    }

    private enum Mode { case whole, anywhere, prefix }

    private func run(_ number: Int, _ text: [UInt32], from: Int, mode: Mode, budget: inout StepBudget) -> Bool? {
        let program = programs[number]
        // What a run writes down before its first step, once for each position where a look-ahead begins one.
        guard budget.spend(program.count / ModelLimits.bytesPerStep) else { return nil }
        var states: [Int] = []
        var next: [Int] = []
        var seen = [Int](repeating: -1, count: program.count)
        for position in from...text.count {
            if position == from || mode == .anywhere {
                guard follow(0, number, text, position, &seen, &states, &budget) else { return nil }
            }
            let hasMatch = states.contains { if case .match = program[$0] { true } else { false } }
            if hasMatch, mode != .whole || position == text.count { return true }
            guard position < text.count, mode == .anywhere || !states.isEmpty else { return false }
            next.removeAll(keepingCapacity: true)
            for state in states {
                guard case .scalar(let set) = program[state], set.contains(text[position]) else { continue }
                guard follow(state + 1, number, text, position + 1, &seen, &next, &budget) else { return nil }
            }
            swap(&states, &next)
        }
        return false
    }

    /// Adds the states that are reached from one without a scalar; false when the steps are spent.
    private func follow(
        _ first: Int, _ number: Int, _ text: [UInt32], _ position: Int, _ seen: inout [Int], _ states: inout [Int],
        _ budget: inout StepBudget
    ) -> Bool {
        let program = programs[number]
        var open = [first]
        while let state = open.popLast() {
            guard seen[state] != position else { continue }
            seen[state] = position
            guard budget.spend(1) else { return false }
            switch program[state] {
            case .jump(let target): open.append(target)
            case .split(let one, let other):
                open.append(other)
                open.append(one)
            case .start: if position == 0 { open.append(state + 1) }
            case .end: if position == text.count { open.append(state + 1) }
            case .boundary(let isWanted):
                let before = position > 0 && ScalarSet.word.contains(text[position - 1])
                let after = position < text.count && ScalarSet.word.contains(text[position])
                if (before != after) == isWanted { open.append(state + 1) }
            case .look(let look, let isWanted):
                guard let found = run(look, text, from: position, mode: .prefix, budget: &budget) else { return false }
                if found == isWanted { open.append(state + 1) }
            case .scalar, .match: states.append(state)
            }
        }
        return true
    }
}
