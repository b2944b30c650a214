import Diagnostics
import Manifests
import Testing

@Suite("Limits of loading")
struct LimitTests {
    @Test("a manifest has at most 1 MiB")
    func manifestBytes() async throws {
        let padding = "\n# " + String(repeating: "x", count: 1 << 20)
        #expect(
            try await Repository().with("apis/pets.yaml", Repository.api + padding).problems()
                == ["manifest.file-too-large apis/pets.yaml:1:1"])
        let result = try await Repository().with("apis/big.yaml", "a: 1" + padding).load()
        #expect(result.diagnostics.isEmpty)
        #expect(result.ignoredFileCount == 1)
    }

    @Test("a configuration of more than 1 MiB is a failure of the tree")
    func configurationBytes() async throws {
        let repository = Repository().with("gatewright.yaml", String(repeating: "#", count: 1 << 20 + 1))
        await #expect(throws: TreeFailure.self) { _ = try await repository.load() }
    }

    @Test("a definition has at most 6 MiB")
    func definitionBytes() async throws {
        let padding = "\n# " + String(repeating: "x", count: 6 << 20)
        #expect(
            try await Repository().with("apis/pets.openapi.yaml", Repository.definition + padding).problems()
                == ["manifest.file-too-large apis/pets.yaml:5:23"])
        let fits = "\n# " + String(repeating: "x", count: 2 << 20)
        #expect(
            try await Repository().with("apis/pets.openapi.yaml", Repository.definition + fits).problems().isEmpty)
    }

    @Test("a document has at most 100 levels")
    func depth() async throws {
        let deep = String(repeating: "[", count: 101) + String(repeating: "]", count: 101)
        let codes = try await Repository.environment("  variables: { deep: \(deep) }\n").load().diagnostics.map(\.code)
        #expect(codes.contains("yaml.too-deep"))
    }

    @Test("an environment has at most 100,000 files")
    func files() async throws {
        struct Crowd: FileTree {
            func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
                (0...100_000).map { TreeEntry(path: "apis/\($0).txt", byteCount: 1) }
            }
            func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
                path == "gatewright.yaml" ? Array(Repository.environment.utf8) : nil
            }
        }
        let result = try await ManifestLoader().load(environment: nil, from: Crowd())
        #expect(result.diagnostics.map(\.place) == ["manifest.too-many-files gatewright.yaml:5:15"])
    }

    @Test("the files of an environment have at most 256 MiB altogether")
    func altogether() async throws {
        struct Crowd: FileTree {
            func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
                (0..<257).map { TreeEntry(path: "apis/\($0).yaml", byteCount: 1 << 20) }
            }
            func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
                path == "gatewright.yaml" ? Array(Repository.environment.utf8) : []
            }
        }
        let result = try await ManifestLoader().load(environment: nil, from: Crowd())
        #expect(result.diagnostics.map(\.place) == ["manifest.too-many-bytes gatewright.yaml:5:15"])
    }

    @Test("no more than 32 MiB are asked of a tree at once")
    func batches() async throws {
        struct Counting: FileTree {
            let files: DictionaryTree
            func list(under path: String) async throws(TreeFailure) -> [TreeEntry] { try await files.list(under: path) }
            func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
                try await files.read(path, byteLimit: byteLimit)
            }
            func read(_ paths: [String], byteLimit: Int) async throws(TreeFailure) -> [[UInt8]?] {
                var contents: [[UInt8]?] = []
                for path in paths { contents.append(try await read(path, byteLimit: byteLimit)) }
                let bytes = contents.reduce(0) { $0 + ($1?.count ?? 0) }
                guard bytes <= 32 << 20 else { throw TreeFailure(.fileTooLarge, "a batch of \(bytes) bytes") }
                return contents
            }
        }
        var files = Repository().files.mapValues { Array($0.utf8) }
        for number in 0..<70 { files["apis/data\(number).json"] = Array(repeating: 0x20, count: 1 << 20 - number) }
        let result = try await ManifestLoader().load(environment: nil, from: Counting(files: DictionaryTree(files)))
        #expect(result.diagnostics.isEmpty)
        #expect(result.ignoredFileCount == 70)
    }

    @Test("hundreds of thousands of slips are refused in no time")
    func manySlips() async throws {
        let fields = (0..<60_000).map { "  stagez\($0): 1" }.joined(separator: "\n")
        #expect(try await Repository.api(fields).load().graph == nil)
        let uses = (0..<30_000).map { "'${var.v\($0)}'" }.joined(separator: ",")
        let names = (0..<9_000).map { "w\($0): 1" }.joined(separator: ",")
        let variables = Repository.environment("  variables: { \(names) }")
        let result = try await variables.with("apis/pets.yaml", Repository.api + "\n  binaryMediaTypes: [\(uses)]")
            .load()
        #expect(result.diagnostics.count == 1001)
    }

    @Test("at most 1,000 diagnostics are listed, and that there are more is said")
    func diagnostics() async throws {
        let fields = (0..<1500).map { "  field\($0): 1" }.joined(separator: "\n")
        let listed = try await Repository.api(fields).load().diagnostics
        #expect(listed.count == 1001)
        #expect(listed.last?.message == "there are more problems than these")
        #expect(listed.last?.severity == .error)
    }

    @Test("a tree that cannot be read is a failure, not a diagnostic")
    func unreadable() async throws {
        struct Broken: FileTree {
            func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
                throw TreeFailure(.unreadable, "no")
            }
            func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
                path == "gatewright.yaml" ? Array(Repository.environment.utf8) : nil
            }
        }
        await #expect(throws: TreeFailure.self) {
            _ = try await ManifestLoader().load(environment: nil, from: Broken())
        }
    }
}
