/// Looks for one run of elements in others, in time that grows with both together: no pair of texts is slow.
struct Search<Element: Equatable> {
    private let wanted: [Element]
    /// For each position: how long the longest run is that ends there and that the wanted one begins with.
    private let borders: [Int]

    init(_ wanted: [Element]) {
        self.wanted = wanted
        var borders = Array(repeating: 0, count: wanted.count)
        var length = 0
        for position in wanted.indices.dropFirst() {
            while length > 0, wanted[position] != wanted[length] { length = borders[length - 1] }
            if wanted[position] == wanted[length] { length += 1 }
            borders[position] = length
        }
        self.borders = borders
    }

    /// Where it begins at `start` or later; `start` itself when nothing is wanted.
    func first(in text: [Element], from start: Int) -> Int? {
        guard start <= text.count else { return nil }
        guard !wanted.isEmpty else { return start }
        var length = 0
        for position in start..<text.count {
            while length > 0, text[position] != wanted[length] { length = borders[length - 1] }
            if text[position] == wanted[length] { length += 1 }
            if length == wanted.count { return position - length + 1 }
        }
        return nil
    }
}
