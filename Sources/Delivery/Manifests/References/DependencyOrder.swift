import Diagnostics
import Resources

/// Whether objects can be made one after the other.
enum DependencyOrder {
    /// One diagnostic for the first circle, in the order of the addresses; nil if there is none. O(objects +
    /// dependencies).
    static func cycle(in resources: [DesiredResource]) -> Diagnostic? {
        let positions = Dictionary(uniqueKeysWithValues: resources.enumerated().map { ($0.element.address, $0.offset) })
        let needs = resources.map { $0.dependencies.compactMap { positions[$0] } }
        guard let circle = circle(needs) else { return nil }
        let names = (circle + [circle[0]]).map { "`\(resources[$0].address)`" }
        return Diagnostic(
            .error, ManifestCode.referenceCycle,
            "objects refer to each other in a circle: \(names.joined(separator: " → "))",
            at: circle.compactMap { resources[$0].span }, remedy: "remove one of these references")
    }

    /// Positions along one circle. Without recursion: chains may be as long as the graph.
    private static func circle(_ needs: [[Int]]) -> [Int]? {
        enum Mark { case new, open, done }
        var marks = Array(repeating: Mark.new, count: needs.count)
        for start in needs.indices where marks[start] == .new {
            var path: [(position: Int, next: Int)] = [(start, 0)]
            marks[start] = .open
            while let (position, next) = path.last {
                guard next < needs[position].count else {
                    marks[position] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let needed = needs[position][next]
                switch marks[needed] {
                case .new:
                    marks[needed] = .open
                    path.append((needed, 0))
                case .open:
                    return path.drop { $0.position != needed }.map(\.position)
                case .done: break
                }
            }
        }
        return nil
    }
}
