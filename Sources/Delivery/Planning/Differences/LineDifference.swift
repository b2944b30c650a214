/// How one text becomes another, line by line, with a little of what is around.
struct LineDifference {
    enum Line: Equatable {
        case same(Substring)
        case removed(Substring)
        case added(Substring)
        /// So many equal lines are left out.
        case skipped(Int)
    }

    /// In the order of the text; a few equal lines stand around each change.
    let lines: [Line]

    private static let aroundCount = 2

    init(_ before: String, _ after: String) {
        let old = Self.split(before)
        let new = Self.split(after)
        let head = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
        let middle = Self.compare(Array(old.dropFirst(head).dropLast(tail)), Array(new.dropFirst(head).dropLast(tail)))
        let all = old.prefix(head).map(Line.same) + middle + old.suffix(tail).map(Line.same)
        lines = Self.folded(all)
    }

    private static func split(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    /// The longest common subsequence; past ``Limits/comparedLinesMax`` lines all of it counts as replaced.
    private static func compare(_ old: [Substring], _ new: [Substring]) -> [Line] {
        guard max(old.count, new.count) <= Limits.comparedLinesMax else {
            return old.map(Line.removed) + new.map(Line.added)
        }
        let width = new.count + 1
        var common = [Int](repeating: 0, count: (old.count + 1) * width)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                common[i * width + j] =
                    old[i] == new[j]
                    ? common[(i + 1) * width + j + 1] + 1 : max(common[(i + 1) * width + j], common[i * width + j + 1])
            }
        }
        var lines: [Line] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, old[i] == new[j] {
                lines.append(.same(old[i]))
                i += 1
                j += 1
            } else if i < old.count, j == new.count || common[(i + 1) * width + j] >= common[i * width + j + 1] {
                lines.append(.removed(old[i]))
                i += 1
            } else {
                lines.append(.added(new[j]))
                j += 1
            }
        }
        return lines
    }

    private static func folded(_ lines: [Line]) -> [Line] {
        var isShown = [Bool](repeating: false, count: lines.count)
        for (position, line) in lines.enumerated() {
            if case .same = line { continue }
            for near in max(0, position - aroundCount)...min(lines.count - 1, position + aroundCount) {
                isShown[near] = true
            }
        }
        var result: [Line] = []
        var skipped = 0
        for (position, line) in lines.enumerated() {
            guard isShown[position] else {
                skipped += 1
                continue
            }
            if skipped > 0 { result.append(.skipped(skipped)) }
            skipped = 0
            result.append(line)
        }
        if skipped > 0 { result.append(.skipped(skipped)) }
        return result
    }
}
