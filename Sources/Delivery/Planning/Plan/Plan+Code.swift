import JSON
import Resources

extension Plan {
    /// Says of functions that get other code which files differ.
    ///
    /// - Parameter code: An archive by its hash; nil for one that is not at hand, of which nothing is said.
    package mutating func addCode(_ code: (String) -> [UInt8]?) {
        for position in changes.indices where changes[position].address.kind == .function {
            guard let before = changes[position].before?["code"]?.string,
                let after = changes[position].after?["code"]?.string, before != after, let old = code(before),
                let new = code(after)
            else { continue }
            changes[position].code = CodeDifference(from: old, to: new)
        }
    }
}

extension CodeDifference {
    /// One line for each file.
    var lines: [String] {
        let files =
            added.map { "  + \(Shown.line($0[...]))" } + changed.map { "  ~ \(Shown.line($0[...]))" }
            + removed.map { "  - \(Shown.line($0[...]))" }
        guard !files.isEmpty else { return [] }
        return ["files of the code:"] + files + (moreCount > 0 ? ["  … \(moreCount) more files"] : [])
    }

    var json: JSONValue {
        func list(_ paths: [String]) -> JSONValue { .array(paths.map { .string($0) }) }
        return [
            "added": list(added), "changed": list(changed), "removed": list(removed),
            "more": .number(JSONNumber(moreCount)),
        ]
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        func list(_ name: String) throws(PlanningFailure) -> [String] {
            try file.list(name) { (item) throws(PlanningFailure) in try item.text() }
        }
        self.init(
            added: try list("added"), changed: try list("changed"), removed: try list("removed"),
            moreCount: try file.int("more"))
    }
}
