/// "did you mean": the known name that an unknown one is nearest to.
package enum Suggestion {
    /// LIMIT: names longer than this, in UTF-8 bytes, have no suggestion.
    private static let bytesMax = 64

    /// The candidate with the fewest insertions, deletions, replacements and swaps of neighbours, letters compared
    /// without regard to case; nil if none is near enough (a third of the name, at most 3). Of several equally near,
    /// the first in byte order.
    ///
    /// O(candidates); each comparison is bounded.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = folded(name)
        guard !wanted.isEmpty, wanted.count <= bytesMax else { return nil }
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let other = folded(candidate)
            guard other.count <= bytesMax else { continue }
            let limit = min(3, max(wanted.count, other.count) / 3)
            guard limit > 0 || wanted == other, abs(other.count - wanted.count) <= limit else { continue }
            guard let distance = distance(wanted, other, atMost: limit) else { continue }
            if let best, (best.distance, best.name) <= (distance, candidate) { continue }
            best = (distance, candidate)
        }
        return best?.name
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    /// Damerau and Levenshtein's distance, each pair of neighbours swapped at most once.
    ///
    /// Nil past `limit`, as soon as that is certain.
    private static func distance(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int? {
        var before: [Int] = []
        var last = Array(0...right.count)
        for i in 0..<left.count {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in 0..<right.count {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, before[j - 1] + 1)
                }
                row.append(cost)
            }
            before = last
            last = row
            // A swap reaches back two rows: only when both are past the limit everything after them is.
            if row.allSatisfy({ $0 > limit }), before.allSatisfy({ $0 > limit }) { return nil }
        }
        return last[right.count] <= limit ? last[right.count] : nil
    }
}
