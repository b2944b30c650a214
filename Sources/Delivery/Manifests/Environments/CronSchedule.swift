/// Whether a text is a cron expression of five fields: numbers, `*`, ranges, lists and steps.
enum CronSchedule {
    private static let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]

    static func isValid(_ text: String) -> Bool {
        let fields = text.split(separator: " ")
        return fields.count == ranges.count && zip(fields, ranges).allSatisfy(isValid)
    }

    private static func isValid(_ field: Substring, _ range: ClosedRange<Int>) -> Bool {
        field.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard halves.count <= 2 else { return false }
            if halves.count == 2 {
                guard let step = number(halves[1]), step >= 1, step <= range.upperBound else { return false }
            }
            guard halves[0] != "*" else { return true }
            let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map(number)
            guard ends.count <= 2, let first = ends[0], range.contains(first) else { return false }
            guard ends.count == 2 else { return true }
            guard let last = ends[1] else { return false }
            return range.contains(last) && first <= last
        }
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
