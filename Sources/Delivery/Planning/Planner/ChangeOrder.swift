import Resources

/// The order of a plan's changes: by what callers see of them, inside that by what needs what, inside that by address.
///
/// What is irreversible comes last of all. A change waits for what it needs even where that comes in a later class, so
/// that the order is one that can be run.
enum ChangeOrder {
    static func ordered(_ drafts: [Draft]) -> [Change] {
        guard !drafts.isEmpty else { return [] }
        var drafts = drafts.sorted { ($0.change.address, $0.part) < ($1.change.address, $1.part) }
        let edges = Edges(drafts)
        Self.moveToEnd(&drafts, edges)
        var waiting = edges.before.map(\.count)
        var ready = Heap()
        for position in drafts.indices where waiting[position] == 0 {
            ready.insert(Key(drafts[position], position))
        }
        var placed = [Bool](repeating: false, count: drafts.count)
        var changes: [Change] = []
        changes.reserveCapacity(drafts.count)
        var next = drafts.startIndex
        while changes.count < drafts.count {
            let position: Int
            if let key = ready.removeFirst() {
                position = key.position
            } else {
                // Only a damaged record has a cycle; the order of its members is then that of their addresses.
                while placed[next] { next += 1 }
                position = next
            }
            placed[position] = true
            var change = drafts[position].change
            change.dependencies =
                edges.before[position].filter { placed[$0] }.map { drafts[$0].change.address }
                .uniqued
            changes.append(change)
            for follower in edges.after[position] where !placed[follower] {
                waiting[follower] -= 1
                if waiting[follower] == 0 { ready.insert(Key(drafts[follower], follower)) }
            }
        }
        return changes
    }

    /// What waits for something irreversible comes after it, so it is not undone either.
    private static func moveToEnd(_ drafts: inout [Draft], _ edges: Edges) {
        var waiting = drafts.indices.filter { drafts[$0].isLast }
        while let position = waiting.popLast() {
            for follower in edges.after[position] where !drafts[follower].isLast {
                drafts[follower].change.isReversible = false
                let reason = "comes after `\(drafts[position].change.address)`, which cannot be undone"
                drafts[follower].change.reason = drafts[follower].change.reason.map { "\($0); \(reason)" } ?? reason
                waiting.append(follower)
            }
        }
    }

    /// Positions in the drafts, which are in the order of their addresses.
    private struct Key: Comparable {
        /// What is taken over is so before anything is done to it.
        let isTakenOver: Bool
        let isLast: Bool
        let visibility: Change.Visibility
        let position: Int

        init(_ draft: Draft, _ position: Int) {
            isTakenOver = draft.change.action == .adopt
            isLast = draft.isLast
            visibility = draft.change.visibility
            self.position = position
        }

        static func < (left: Self, right: Self) -> Bool {
            if left.isTakenOver != right.isTakenOver { return left.isTakenOver }
            if left.isLast != right.isLast { return right.isLast }
            if left.visibility != right.visibility { return left.visibility < right.visibility }
            return left.position < right.position
        }
    }

    /// A binary heap with the smallest key first.
    private struct Heap {
        private var keys: [Key] = []

        mutating func insert(_ key: Key) {
            keys.append(key)
            var child = keys.count - 1
            while child > 0, keys[child] < keys[(child - 1) / 2] {
                keys.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        mutating func removeFirst() -> Key? {
            guard let first = keys.first, let last = keys.popLast() else { return nil }
            guard !keys.isEmpty else { return first }
            keys[0] = last
            var parent = 0
            while true {
                var smallest = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < keys.count && keys[child] < keys[smallest] {
                    smallest = child
                }
                guard smallest != parent else { return first }
                keys.swapAt(parent, smallest)
                parent = smallest
            }
        }
    }
}

/// Which change waits for which, as positions in the drafts.
private struct Edges {
    /// In ascending order, each once.
    private(set) var before: [[Int]]
    private(set) var after: [[Int]]

    init(_ drafts: [Draft]) {
        // Of several changes of one object the first: what needs the object needs no more than that.
        let positions = Dictionary(drafts.enumerated().map { ($1.change.address, $0) }) { first, _ in first }
        var waitsFor = [Set<Int>](repeating: [], count: drafts.count)
        for (position, draft) in drafts.enumerated() {
            let change = draft.change
            if draft.part > 0 { waitsFor[position].insert(position - 1) }
            for address in draft.required {
                guard let needed = positions[address], drafts[needed].change.action != .delete else { continue }
                waitsFor[position].insert(needed)
            }
            for address in draft.requiredBefore {
                guard let needed = positions[address], drafts[needed].change.action == .delete else { continue }
                // The next deployment is cut once the definition is whole, so never before a delete inside.
                if change.address.kind == .deployment, change.action != .delete { continue }
                waitsFor[needed].insert(position)
            }
        }
        Self.addRules(drafts, positions, &waitsFor)
        for position in drafts.indices { waitsFor[position].remove(position) }
        before = waitsFor.map { $0.sorted() }
        after = [[Int]](repeating: [], count: drafts.count)
        for (position, needed) in before.enumerated() {
            for other in needed { after[other].append(position) }
        }
    }

    /// A deployment and a version of the documentation follow all edits of their definition; an API goes after all that goes with it.
    private static func addRules(_ drafts: [Draft], _ positions: [Address: Int], _ waitsFor: inout [Set<Int>]) {
        var versions: [String: [Int]] = [:]
        for (position, draft) in drafts.enumerated()
        where draft.change.address.kind == .documentationVersion && draft.change.action != .delete {
            versions[draft.change.address.root, default: []].append(position)
        }
        for (position, draft) in drafts.enumerated() {
            let change = draft.change
            guard change.address.kind.belongsToAPI else { continue }
            if change.address.kind == .documentationPart {
                for version in versions[change.address.root] ?? [] { waitsFor[version].insert(position) }
            }
            let isFrozen = change.address.kind.isPartOfDefinition || change.address.kind == .restAPI
            if isFrozen, let deployment = positions[Address(.deployment, change.address.root)],
                drafts[deployment].change.action != .delete
            {
                waitsFor[deployment].insert(position)
            }
            if change.action == .delete, let root = positions[Address(.restAPI, change.address.root)],
                drafts[root].change.action == .delete
            {
                waitsFor[root].insert(position)
            }
        }
    }
}

extension [Address] {
    /// Each once, in order.
    fileprivate var uniqued: [Address] {
        zip(self, [nil] + map(Optional.some)).compactMap { $0 == $1 ? nil : $0 }
    }
}
