/// The nearest of some known names, for "did you mean".
enum Suggestion {
    /// In bytes: longer names are no spelling mistakes of each other.
    private static let longest = 64

    /// Nil when none is near enough; the first in order of `candidates` when several are equally near.
    static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        guard name.utf8.count <= longest else { return nil }
        let bytes = Array(name.lowercased().utf8)
        var best: (name: String, edits: Int)?
        for candidate in candidates where candidate.utf8.count <= longest {
            let edits = distance(bytes, Array(candidate.lowercased().utf8))
            if edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        guard let best, best.edits <= min(Limits.suggestionEditsMax, max(1, name.utf8.count / 3)) else { return nil }
        return best.name
    }

    /// Insertions, deletions and substitutions that turn `left` into `right`.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (byte == other ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[right.count]
    }
}
