/// Runs a pattern over a text. The steps are counted over all matches of one call, so that no pattern hangs.
struct Matcher {
    private struct Choice {
        /// Where to go on; below zero: only put the slot back.
        var instruction: Int
        var position: Int
        var slot: Int
        var old: Int
    }

    private let pattern: Pattern
    private let text: [UInt32]
    private let stepsMax: Int
    private let bytesMax: Int
    private(set) var time: TimeBudget
    private var nextLook = TimeBudget.stepsBetweenLooks
    private(set) var steps = 0
    private var slots: [Int]
    private var choices: [Choice] = []

    init(_ pattern: Pattern, _ text: String, stepsMax: Int, bytesMax: Int, time: TimeBudget) {
        self.pattern = pattern
        self.text = text.unicodeScalars.map(\.value)
        self.stepsMax = stepsMax
        self.bytesMax = bytesMax
        self.time = time
        slots = Array(repeating: -1, count: pattern.slotCount)
    }

    /// `matches`: the whole text, as the pattern's alternatives allow.
    mutating func matchesAll() throws(TemplateFailure) -> Bool {
        clear()
        return try run(from: 0, at: 0, mustEndAt: text.count) != nil
    }

    mutating func replace(with replacement: String, onlyFirst: Bool) throws(TemplateFailure) -> String {
        let parts = try Replacement(parsing: replacement, for: pattern)
        var result = String.UnicodeScalarView()
        var size = 0
        func append(_ range: Range<Int>, _ text: [UInt32]) {
            for scalar in text[range] { if let scalar = Unicode.Scalar(scalar) { result.append(scalar) } }
            size += range.count
        }
        var last = 0
        var start = 0
        while start <= text.count, let found = try find(from: start) {
            append(last..<found.lowerBound, text)
            for part in parts.parts {
                switch part {
                case .text(let scalars): append(0..<scalars.count, scalars)
                case .group(let number):
                    let (from, to) = (slots[number * 2], slots[number * 2 + 1])
                    if from >= 0, to >= from { append(from..<to, text) }
                }
            }
            guard size <= bytesMax else {
                throw TemplateFailure(.outputTooLarge, "a text grows past \(bytesMax) bytes", at: .start)
            }
            last = found.upperBound
            start = found.isEmpty ? found.upperBound + 1 : found.upperBound
            if onlyFirst { break }
        }
        append(last..<text.count, text)
        return String(result)
    }

    /// As Java splits: empty texts at the end are left out unless a limit is given; a limit above 0 is the most parts.
    mutating func split(limit: Int) throws(TemplateFailure) -> [String] {
        func string(_ range: Range<Int>) -> String {
            var view = String.UnicodeScalarView()
            for scalar in text[range] { if let scalar = Unicode.Scalar(scalar) { view.append(scalar) } }
            return String(view)
        }
        var parts: [String] = []
        var last = 0
        var start = 0
        while limit <= 0 || parts.count < limit - 1, start <= text.count, let found = try find(from: start) {
            start = found.isEmpty ? found.upperBound + 1 : found.upperBound
            // A match of nothing splits between characters only, never before the first or after the last.
            if found.isEmpty, found.lowerBound == 0 || found.lowerBound == text.count { continue }
            parts.append(string(last..<found.lowerBound))
            last = found.upperBound
        }
        guard !parts.isEmpty else { return [string(0..<text.count)] }
        parts.append(string(last..<text.count))
        if limit == 0 { while parts.last?.isEmpty == true { parts.removeLast() } }
        return parts
    }

    /// The first match at or after a position; the groups are in ``slots``.
    private mutating func find(from start: Int) throws(TemplateFailure) -> Range<Int>? {
        guard start <= text.count else { return nil }
        if let literal = pattern.literal { return try find(literal, from: start) }
        for position in start...text.count {
            try count(1 + slots.count / 8)
            clear()
            if let end = try run(from: 0, at: position, mustEndAt: nil) { return position..<end }
        }
        return nil
    }

    private mutating func find(_ literal: [UInt32], from start: Int) throws(TemplateFailure) -> Range<Int>? {
        guard text.count - start >= literal.count else { return nil }
        for position in start...(text.count - literal.count) where text[position] == literal[0] {
            var offset = 1
            while offset < literal.count, text[position + offset] == literal[offset] { offset += 1 }
            try count(offset)
            if offset == literal.count {
                slots[0] = position
                slots[1] = position + offset
                return position..<(position + offset)
            }
        }
        return nil
    }

    private mutating func clear() {
        for slot in slots.indices { slots[slot] = -1 }
        choices.removeAll(keepingCapacity: true)
    }

    private mutating func count(_ more: Int) throws(TemplateFailure) {
        steps += more
        guard steps <= stepsMax else {
            throw TemplateFailure(
                .patternTooSlow, "a pattern did not end within \(stepsMax) steps", at: .start)
        }
        guard steps >= nextLook else { return }
        nextLook = steps + TimeBudget.stepsBetweenLooks
        try time.check(at: .start)
    }

    // MARK: The machine

    /// The end of the match that starts here; the instructions run up to their `.match`.
    private mutating func run(
        from start: Int, at startPosition: Int, mustEndAt wantedEnd: Int?
    ) throws(TemplateFailure) -> Int? {
        let base = choices.count
        var (instruction, position) = (start, startPosition)
        while true {
            try count(1)
            var isGood = true
            switch pattern.instructions[instruction] {
            case .match:
                isGood = wantedEnd == nil || position == wantedEnd
                if isGood {
                    forget(downTo: base)
                    return position
                }
            case .split(let first, let second):
                guard choices.count < TemplateLimits.patternChoicesMax else {
                    throw TemplateFailure(
                        .patternTooSlow,
                        "a pattern leaves more than \(TemplateLimits.patternChoicesMax) ways open at once", at: .start)
                }
                choices.append(Choice(instruction: second, position: position, slot: 0, old: 0))
                instruction = first
                continue
            case .jump(let target):
                instruction = target
                continue
            case .save(let slot):
                choices.append(Choice(instruction: -1, position: 0, slot: slot, old: slots[slot]))
                slots[slot] = position
            case .leaveIfEmpty(let slot, let exit):
                if slots[slot] == position {
                    instruction = exit
                    continue
                }
            case .look(let isAhead, let isWanted, let next):
                let body = instruction + 1
                let isThere = try isAhead ? looksAhead(body, position) : looksBehind(body, position)
                isGood = isThere == isWanted
                if isGood {
                    instruction = next
                    continue
                }
            case .atomic(let next):
                if let end = try run(from: instruction + 1, at: position, mustEndAt: nil) {
                    (instruction, position) = (next, end)
                    continue
                }
                isGood = false
            case let test:
                if case .backReference(let group, _) = test {
                    try count(max(slots[group * 2 + 1] - slots[group * 2], 0) / 8)
                } else if case .set(let set) = test {
                    try count(set.cost)
                }
                if let end = consume(test, at: position) { position = end } else { isGood = false }
            }
            if isGood {
                instruction += 1
            } else {
                guard let choice = goBack(downTo: base) else { return nil }
                (instruction, position) = (choice.instruction, choice.position)
            }
        }
    }

    /// Drops the choices of a match that is done; what the groups were before stays known, should one further out fail.
    private mutating func forget(downTo base: Int) {
        guard base > 0 else { return choices.removeAll(keepingCapacity: true) }
        var kept = base
        for position in base..<choices.count where choices[position].instruction < 0 {
            choices[kept] = choices[position]
            kept += 1
        }
        choices.removeSubrange(kept...)
    }

    private mutating func goBack(downTo base: Int) -> Choice? {
        while choices.count > base, let choice = choices.popLast() {
            if choice.instruction >= 0 { return choice }
            slots[choice.slot] = choice.old
        }
        return nil
    }

    private mutating func looksAhead(_ body: Int, _ position: Int) throws(TemplateFailure) -> Bool {
        try run(from: body, at: position, mustEndAt: nil) != nil
    }

    private mutating func looksBehind(_ body: Int, _ position: Int) throws(TemplateFailure) -> Bool {
        for start in stride(from: position, through: 0, by: -1) {
            if try run(from: body, at: start, mustEndAt: position) != nil { return true }
        }
        return false
    }

    /// The position behind one test; nil if it fails.
    private func consume(_ test: Pattern.Instruction, at position: Int) -> Int? {
        switch test {
        case .textStart: return position == 0 ? position : nil
        case .textEnd: return position == text.count ? position : nil
        case .textEndOrLastBreak:
            let isLast = position == text.count || (position == text.count - 1 && text[position] == 0x0A)
            return isLast ? position : nil
        case .lineStart: return position == 0 || text[position - 1] == 0x0A ? position : nil
        case .lineEnd: return position == text.count || text[position] == 0x0A ? position : nil
        case .wordBoundary(let isWanted):
            let before = position > 0 && CharacterSet.isWord(text[position - 1])
            let after = position < text.count && CharacterSet.isWord(text[position])
            return (before != after) == isWanted ? position : nil
        case .backReference(let group, let ignoresCase):
            return consume(group: group, ignoresCase: ignoresCase, at: position)
        case .scalar(let wanted, let ignoresCase):
            guard position < text.count else { return nil }
            let isSame =
                text[position] == wanted
                || (ignoresCase && CharacterSet.lower(text[position]) == CharacterSet.lower(wanted))
            return isSame ? position + 1 : nil
        case .any(let lineBreaks):
            guard position < text.count, lineBreaks || !Self.isBreak(text[position]) else { return nil }
            return position + 1
        case .set(let set): return position < text.count && set.contains(text[position]) ? position + 1 : nil
        case .split, .jump, .save, .leaveIfEmpty, .look, .atomic, .match: return nil
        }
    }

    private func consume(group: Int, ignoresCase: Bool, at position: Int) -> Int? {
        let (from, to) = (slots[group * 2], slots[group * 2 + 1])
        guard from >= 0, to >= from, position + to - from <= text.count else { return nil }
        for offset in 0..<(to - from) {
            let (left, right) = (text[from + offset], text[position + offset])
            guard left == right || (ignoresCase && CharacterSet.lower(left) == CharacterSet.lower(right)) else {
                return nil
            }
        }
        return position + to - from
    }

    private static func isBreak(_ scalar: UInt32) -> Bool {
        scalar == 0x0A || scalar == 0x0D || scalar == 0x85 || scalar == 0x2028 || scalar == 0x2029
    }
}
