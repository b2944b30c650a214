import Foundation

/// The files of `Sources`, read as text: what the rules of the house look at.
enum Sources {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// One Swift file; its path starts with `Sources/`.
    struct File {
        let path: String
        let text: String
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// In the order of their paths.
    static func files() throws -> [File] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "Sources").path())
        return try paths.filter { $0.hasSuffix(".swift") }.sorted()
            .map { File(path: "Sources/\($0)", text: try text("Sources/\($0)")) }
    }

    /// An enum of stable codes, as it is written.
    struct Codes {
        /// As other files name it: `YAMLCode`, `GitFailure.Code`.
        let name: String
        let path: String
        let values: [String]
        /// Cases without a text of their own: their name would be the code.
        let bare: [String]
    }

    static func codes() throws -> [Codes] {
        try files().filter { $0.text.contains(", StableCode {") }.flatMap { file in
            let declaration =
                #/
                ^(?<margin>\ *) (?:package\ |public\ )? enum\ (?<name>\w+):\ String,\ StableCode\ \{\n
                (?<body>(?s:.*?)) ^\k<margin>\}
                /#.anchorsMatchLineEndings()
            return file.text.matches(of: declaration).map { match in
                let types = file.text[..<match.range.lowerBound].matches(
                    of: #/^(?:package )?(?:struct|enum|extension) (\w+)/#.anchorsMatchLineEndings())
                let outer = match.margin.isEmpty ? "" : types.last.map { "\($0.1)." } ?? ""
                let cases = match.body.split(separator: "\n").compactMap {
                    $0.wholeMatch(of: #/\s*case ([a-z]\w*)(?: = "([^"]*)")?.*/#)
                }
                return Codes(
                    name: outer + match.name, path: file.path, values: cases.compactMap { $0.2.map(String.init) },
                    bare: cases.filter { $0.2 == nil }.map { String($0.1) })
            }
        }
    }
}
