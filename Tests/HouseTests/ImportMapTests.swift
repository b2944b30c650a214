import Foundation
import Testing

/// The house is as `docs/architecture.md` says: Package.swift and the sources import what section 1 allows.
@Suite struct ImportMapTests {
    /// Target name to what the table of section 1 lets it import; `all` and `Vocabulary` expanded.
    static func allowed() throws -> [String: Set<String>] {
        let floors = try floors()
        var table: [String: Set<String>] = [:]
        for line in try Sources.text("docs/architecture.md").split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3 else { continue }
            let name = cells[0].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
            var names: Set<String> = []
            for word in cells[2].split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
                switch word {
                case "–": continue
                case "all": names.formUnion(floors.values.joined())
                default: names.formUnion(floors[word] ?? [word])
                }
            }
            table[name] = names
        }
        return table
    }

    /// Floor name to its targets, as the folders have them.
    static func floors() throws -> [String: [String]] {
        var floors: [String: [String]] = [:]
        let sources = Sources.root.appending(path: "Sources")
        for floor in try FileManager.default.contentsOfDirectory(atPath: sources.path()) {
            floors[floor] = try FileManager.default.contentsOfDirectory(atPath: sources.appending(path: floor).path())
        }
        return floors
    }

    static func imports(of target: URL) throws -> Set<String> {
        var names: Set<String> = []
        let files = FileManager.default.enumerator(at: target, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position <= 2, words.count > position + 1,
                    words[..<position].allSatisfy({ ["package", "public", "internal", "@testable"].contains($0) })
                else { continue }
                names.insert(String(words[position + 1]))
            }
        }
        return names
    }

    @Test("every target imports only what the table of the architecture allows")
    func imports() throws {
        let allowed = try Self.allowed()
        let floors = try Self.floors().filter { $0.key != "C" }
        let ours = Set(floors.values.joined())
        #expect(ours.count > 15, "the folders were not found")
        for (floor, targets) in floors {
            for target in targets {
                let may = try #require(allowed[target], "`\(target)` is not in the table of docs/architecture.md")
                let folder = Sources.root.appending(path: "Sources/\(floor)/\(target)")
                let used = try Self.imports(of: folder).intersection(ours)
                #expect(used.subtracting(may) == [], "`\(target)` imports what the table does not allow")
            }
        }
    }

    /// Target name to those of ours that `Package.swift` makes it depend on.
    static func declared() throws -> [String: Set<String>] {
        let ours = Set(try floors().values.joined())
        let call = #/[ \[](?:target|program)\((?s:(?<arguments>.*?))\)(?:,\n| *\+|\n)/#
        var declared: [String: Set<String>] = [:]
        for match in try Sources.text("Package.swift").matches(of: call) {
            let names = match.arguments.matches(of: #/"([\w-]+)"/#).map { String($0.1) }.filter { ours.contains($0) }
            if let name = names.first { declared[name] = Set(names.dropFirst()) }
        }
        return declared
    }

    @Test("Package.swift declares what the sources import, and no more")
    func declarations() throws {
        let declared = try Self.declared()
        let floors = try Self.floors().filter { $0.key != "C" }
        let ours = Set(try Self.floors().values.joined())
        for (floor, targets) in floors {
            for target in targets {
                let needs = try #require(declared[target], "`\(target)` is not in Package.swift")
                let used = try Self.imports(of: Sources.root.appending(path: "Sources/\(floor)/\(target)"))
                #expect(needs == used.intersection(ours), "`\(target)`")
            }
        }
    }

    @Test("the table of the architecture has a row for each target, and for nothing else")
    func rows() throws {
        let targets = Set(try Self.floors().filter { $0.key != "C" }.values.joined())
        #expect(Set(try Self.allowed().keys) == targets)
    }

    @Test("planning and the vocabulary do no input or output")
    func pureTargetsImportNoSystem() throws {
        let outside: Set<String> = [
            "Foundation", "NIOCore", "NIOPosix", "Hummingbird", "Glibc", "Storage", "GitSource",
        ]
        let pure = [
            "Delivery/Planning", "Delivery/OpenAPI", "Vocabulary/JSON", "Vocabulary/SigV4", "Vocabulary/Resources",
            "Vocabulary/IAMPolicy", "Gateway/MappingTemplates",
        ]
        for path in pure {
            let used = try Self.imports(of: Sources.root.appending(path: "Sources/\(path)"))
            #expect(used.intersection(outside) == [], "\(path)")
        }
    }

    @Test("the command line program alone reads the environment and the clock of the wall")
    func onlyTheProgramReadsTheEnvironment() throws {
        for floor in ["Vocabulary", "Delivery", "Gateway", "Targets"] {
            let files = FileManager.default.enumerator(
                at: Sources.root.appending(path: "Sources/\(floor)"), includingPropertiesForKeys: nil)
            while let file = files?.nextObject() as? URL {
                guard file.pathExtension == "swift" else { continue }
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(!text.contains("getenv("), "\(file.lastPathComponent) reads the environment")
                #expect(!text.contains("ProcessInfo"), "\(file.lastPathComponent) reads the environment")
            }
        }
    }
}
