import Foundation
import Testing

/// Rules of the house that a compiler does not know.
@Suite struct HouseRuleTests {
    /// LIMIT: lines of a file; past it, look for the second idea inside.
    static let linesMax = 400

    /// Files that are longer, each with the reason why it stays whole.
    static let longFiles: [String: String] = [
        "Sources/Vocabulary/IAMPolicy/Managed/Shipped/ReadOnlyAccess.swift": "one policy of AWS, which is data"
    ]

    @Test("no file is longer than 400 lines, unless a reason is given here")
    func lengths() throws {
        let files = try Sources.files()
        #expect(files.count > 300, "the files were not found")
        let long = files.filter {
            $0.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 > Self.linesMax
        }
        #expect(Set(long.map(\.path)) == Set(Self.longFiles.keys))
    }

    @Test("`explain` knows every enum of stable codes")
    func catalogue() throws {
        let registered = try Sources.text("Sources/App/gatewright/Output/Codes.swift")
            .matches(of: #/([\w.]+)\.self/#).map { String($0.1) }
        let declared = try Sources.codes().map(\.name)
        #expect(declared.count > 15, "the codes were not found")
        #expect(registered.sorted() == declared.sorted())
    }

    @Test("every code is `target.kebab-words`, and is declared once")
    func codes() throws {
        var owners: [String: String] = [:]
        for codes in try Sources.codes() {
            #expect(codes.bare == [], "\(codes.name) has cases without a code")
            #expect(!codes.values.isEmpty, "\(codes.name) has no codes")
            for value in codes.values {
                let isWellFormed = value.wholeMatch(of: #/[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*/#) != nil
                #expect(isWellFormed, "\(value)")
                let earlier = owners.updateValue(codes.name, forKey: value)
                #expect(earlier == nil, "\(value) belongs to \(codes.name) and to \(earlier ?? "")")
            }
        }
    }

    @Test("every runbook that a failure names is there, and every runbook is named")
    func runbooks() throws {
        var named: Set<String> = []
        for file in try Sources.files() {
            for match in file.text.matches(of: #/runbook(?::| =) "([^"]*)"/#) { named.insert(String(match.1)) }
        }
        let written = try FileManager.default.contentsOfDirectory(
            atPath: Sources.root.appending(path: "docs/runbooks").path())
        #expect(!named.isEmpty)
        #expect(named == Set(written))
    }

    @Test("the codes that runbooks name exist")
    func runbookCodes() throws {
        let known = Set(try Sources.codes().flatMap(\.values))
        let targets = Set(known.map { $0.prefix { $0 != "." } })
        let folder = Sources.root.appending(path: "docs/runbooks")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path()) {
            for match in try Sources.text("docs/runbooks/\(name)").matches(of: #/`([a-z0-9-]+)\.([a-z0-9-]+)`/#)
            where targets.contains(match.1) && !["db", "sock"].contains(match.2) {
                #expect(known.contains("\(match.1).\(match.2)"), "\(name) speaks of \(match.1).\(match.2)")
            }
        }
    }

    @Test("decisions are numbered from 1 on, in their names and in their titles")
    func decisions() throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: Sources.root.appending(path: "docs/decisions").path()
        ).sorted()
        #expect(!names.isEmpty)
        for (position, name) in names.enumerated() {
            let number = String(position + 1)
            #expect(name.hasPrefix(String(repeating: "0", count: 4 - number.count) + number + "-"), "\(name)")
            #expect(try Sources.text("docs/decisions/\(name)").hasPrefix("# \(number). "), "\(name)")
        }
    }

    @Test("the README has at most 120 lines")
    func readme() throws {
        #expect(try Sources.text("README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 121)
    }

    @Test("every command that a message names exists")
    func commands() throws {
        let files = try Sources.files()
        let commands = Set(files.flatMap { $0.text.matches(of: #/commandName: "([a-z-]+)"/#).map { $0.1 } })
        #expect(commands.count > 5)
        for file in files {
            for match in file.text.matches(of: #/`gatewright ([a-z-]+)/#) {
                #expect(commands.contains(match.1), "\(file.path) names `gatewright \(match.1)`")
            }
        }
    }
}
