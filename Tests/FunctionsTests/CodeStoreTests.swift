import Diagnostics
import FoundationEssentials
import Functions
import Glibc
import Testing

@Suite struct CodeStoreTests {
    private func with(_ body: (CodeStore) throws -> Void) throws {
        let folder = try TestStage.newFolder()
        defer { TestStage.remove(folder) }
        let store = CodeStore(root: folder + "/code")
        try body(store)
        store.removeAll(but: [])
    }

    private let files = [
        CodeFile(path: "bootstrap", bytes: [1], isExecutable: true),
        CodeFile(path: "lib/a/b", bytes: [2], isExecutable: false),
    ]

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? Int) ?? -1
    }

    @Test("a folder is found under its content's hash, whole, and nobody may write to it")
    func keep() throws {
        try with { store in
            let folder = try store.keep(files)
            #expect(folder.path == store.root + "/" + folder.hash)
            #expect(FileManager.default.contents(atPath: folder.path + "/lib/a/b") == Data([2]))
            #expect(try mode(folder.path) == 0o555)
            #expect(try mode(folder.path + "/lib/a") == 0o555)
            #expect(try mode(folder.path + "/bootstrap") == 0o555)
            #expect(try mode(folder.path + "/lib/a/b") == 0o444)
            #expect(try store.keep(files.reversed()) == folder)
            #expect(try FileManager.default.contentsOfDirectory(atPath: store.root) == [folder.hash])
        }
    }

    @Test("another content, name, or mode is another hash")
    func hashes() throws {
        try with { store in
            let variants = [
                files, [files[0]], [CodeFile(path: "bootstrap", bytes: [1], isExecutable: false), files[1]],
                [CodeFile(path: "bootstrap", bytes: [3], isExecutable: true), files[1]],
                [CodeFile(path: "bootstrao", bytes: [1], isExecutable: true), files[1]], [],
            ]
            let hashes = Set(try variants.map { try store.keep($0).hash })
            #expect(hashes.count == variants.count)
        }
    }

    @Test("what no function has is removed, with what was never finished")
    func remove() throws {
        try with { store in
            let (one, two) = (try store.keep(files), try store.keep([files[0]]))
            try FileManager.default.createDirectory(atPath: store.root + "/.new-x", withIntermediateDirectories: false)
            store.removeAll(but: [two.hash])
            #expect(try FileManager.default.contentsOfDirectory(atPath: store.root) == [two.hash])
            store.remove(two.hash)
            store.remove("../" + one.hash)
            #expect(try FileManager.default.contentsOfDirectory(atPath: store.root) == [])
        }
    }

    @Test("a folder that cannot be written is a failure with its name")
    func refused() throws {
        #expect { try CodeStore(root: "/proc/gatewright").keep(files) } throws: {
            guard let failure = $0 as? FunctionsFailure else { return false }
            return failure.code == .codeNotKept && failure.message.contains("/proc/gatewright")
        }
    }
}
