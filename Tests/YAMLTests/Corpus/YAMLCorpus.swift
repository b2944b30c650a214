import Foundation
import JSON

enum YAMLCorpus {
    static let folder = ProcessInfo.processInfo.environment["GATEWRIGHT_CORPORA"].map { $0 + "/yaml" }

    static let names: [String] = {
        guard let folder, let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
        return entries.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/in.yaml") }.sorted()
    }()

    struct Case {
        let input: [UInt8]
        let mustFail: Bool
        /// Nil where the case has no JSON.
        let values: [JSONValue]?

        init(_ name: String) throws {
            let folder = (YAMLCorpus.folder ?? "") + "/" + name
            input = Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/in.yaml")))
            mustFail = FileManager.default.fileExists(atPath: folder + "/error")
            let json = FileManager.default.contents(atPath: folder + "/in.json").map { Array($0) }
            values = try json.map { try YAMLCorpus.values($0) }
        }
    }

    /// Several texts one after another: the shortest prefix that is a text is the next one.
    private static func values(_ bytes: [UInt8]) throws -> [JSONValue] {
        var values: [JSONValue] = []
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true).map { Array($0) }[...]
        while !lines.isEmpty {
            var count = 1
            func text() -> [UInt8] { Array(lines.prefix(count).joined(separator: [0x0A])) }
            while count < lines.count, (try? JSONValue(parsing: text())) == nil { count += 1 }
            values.append(try JSONValue(parsing: text()))
            lines = lines.dropFirst(count)
        }
        return values
    }

    /// What libyaml 0.2.5 reads otherwise than YAML 1.2 wants, each with the reason.
    static let wrongInLibyaml: [String: String] = [
        "2JQS": "an empty key in a block map is refused",
        "2SXE": "a colon is not taken as part of an anchor's name, nor of an alias's",
        "4MUZ-00": "a line break between a quoted key and its colon in a flow map is refused",
        "4MUZ-01": "the same with a comment between",
        "4MUZ-02": "the same with a plain key",
        "5T43": "a value that begins with a colon in a flow map is refused",
        "652Z": "`?` without a blank behind it is taken for the sign of a key in a flow map",
        "6BCT": "a tab behind `-` is refused",
        "6LVF": "an unknown directive is refused instead of ignored",
        "6M2F": "a second explicit value without a key is refused",
        "7Z25": "a document after `...` without `---` is refused",
        "9JBA": "a comment without a blank before it is accepted behind a bracket",
        "A2M4": "a tab behind `-` is refused",
        "CVW2": "a comment without a blank before it is accepted behind a comma",
        "DBG4": "a value that begins with colons in a flow list is refused",
        "DK3J": "a block scalar of a whole document must be indented",
        "DK95-00": "a tab behind the indentation of a value is refused",
        "DK95-01": "a tab as indentation inside a quoted text is accepted",
        "DK95-03": "a line of blanks and a tab is refused",
        "DK95-04": "a line of a tab alone is refused",
        "EB22": "a directive without the end of the document before it is taken for text",
        "FRK4": "an empty value before a comma is refused after `?` in a flow map",
        "HWV9": "the end of a document that was not started is refused",
        "JEF9-02": "the end of the file does not count as a line break in a block scalar",
        "L24T-01": "the end of the file does not count as a line break in a block scalar",
        "M2N8-00": "an explicit key that is a map with an empty key is refused",
        "Q5MG": "a tab before a flow map is refused",
        "QB6E": "a quoted text that goes on at a smaller indentation is accepted",
        "R4YG": "a tab at the start of a block scalar is refused",
        "RHX7": "a directive without the end of the document before it is taken for text",
        "S98Z": "blank lines that are indented more than the text of a block scalar are accepted",
        "UT92": "a plain text that goes on in a line beginning with `%` is refused",
        "X4QW": "a comment without a blank before it is accepted in the head of a block scalar",
        "Y79Y-001": "a block scalar of a tab alone is refused",
        "Y79Y-003": "a tab as indentation inside a flow list is accepted",
        "Y79Y-010": "a tab behind `-` is refused",
    ]

    /// What this reader refuses although it is YAML, with the code that says so.
    static let refusedOnPurpose: [String: String] = [
        "2XXW": "yaml.unsupported-tag",
        "4FJ6": "yaml.complex-key",
        "5TYM": "yaml.unsupported-tag",
        "6BFJ": "yaml.complex-key",
        "6CK3": "yaml.unsupported-tag",
        "6PBE": "yaml.complex-key",
        "6WLZ": "yaml.unsupported-tag",
        "7FWL": "yaml.unsupported-tag",
        "C4HZ": "yaml.unsupported-tag",
        "LX3P": "yaml.complex-key",
        "M2N8-01": "yaml.complex-key",
        "M5C3": "yaml.unsupported-tag",
        "Q9WF": "yaml.complex-key",
        "RZP5": "yaml.complex-key",
        "V9D5": "yaml.complex-key",
        "X38W": "yaml.complex-key",
        "Z67P": "yaml.unsupported-tag",
        "Z9M4": "yaml.unsupported-tag",
    ]
}
