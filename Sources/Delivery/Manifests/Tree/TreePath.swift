/// Paths of a tree: relative to its root, without `.` and `..`.
enum TreePath {
    /// The path that `written` means in a file of `folder`; nil if it is absolute, leaves the tree, or is no path.
    static func resolve(_ written: String, in folder: String) -> String? {
        guard !written.isEmpty, !written.hasPrefix("/"),
            !written.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") })
        else { return nil }
        var parts = folder.split(separator: "/")
        for part in written.split(separator: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }

    /// The folder that a file is in; empty for the root.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    static func isInside(_ path: String, _ folder: String) -> Bool {
        folder.isEmpty || path == folder || path.hasPrefix(folder + "/")
    }

    static func isJSON(_ path: String) -> Bool { path.hasSuffix(".json") }
    static func mayBeManifest(_ path: String) -> Bool {
        path.hasSuffix(".yaml") || path.hasSuffix(".yml") || path.hasSuffix(".json")
    }
}
