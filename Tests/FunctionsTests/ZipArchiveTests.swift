import Diagnostics
import FoundationEssentials
import Functions
import Glibc
import Testing

@Suite struct ZipArchiveTests {
    @Test("plain files come out with their modes, folders are left out, a comment is no harm")
    func plain() throws {
        let archive = ZipMaker.archive(
            [
                .init(path: "bootstrap", bytes: Array("#!/bin/sh\n".utf8), mode: 0o100755),
                .init(path: "lib/", mode: 0o40755), .init(path: "lib/pets.py", bytes: Array("x = 1\n".utf8)),
                .init(path: "empty"),
            ], comment: Array("PK\u{5}\u{6} made by hand".utf8))
        #expect(
            try ZipArchive.files(archive) == [
                CodeFile(path: "bootstrap", bytes: Array("#!/bin/sh\n".utf8), isExecutable: true),
                CodeFile(path: "lib/pets.py", bytes: Array("x = 1\n".utf8), isExecutable: false),
                CodeFile(path: "empty", bytes: [], isExecutable: false),
            ])
    }

    @Test(
        "an archive that Python made is read, deflated and with its sizes behind",
        .enabled(if: Processes.isInstalled("python3")))
    func python() throws {
        let folder = try TestStage.newFolder()
        defer { TestStage.remove(folder) }
        let script = """
            import sys, zipfile
            class Stream:
                def __init__(self, file): self.file = file
                def write(self, data): return self.file.write(data)
                def flush(self): self.file.flush()
            with open(sys.argv[1], 'wb') as file:
                with zipfile.ZipFile(Stream(file), 'w', zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr('app.py', 'def handler(event, context):\\n' + '    pass\\n' * 5000)
            """
        let path = folder + "/a.zip"
        let status = try Commands.run("python3", ["-c", script, path])
        #expect(status == 0)
        let bytes = try #require(FileManager.default.contents(atPath: path))
        let files = try ZipArchive.files(Array(bytes))
        #expect(files.map(\.path) == ["app.py"])
        #expect(files.first?.bytes.count == 29 + 9 * 5000)
    }

    @Test(
        "what would leave its folder, hides or clashes is refused whole",
        arguments: [
            "../bootstrap", "/etc/passwd", "a/../../b", "a//b", "./a", "a\\b", "a\u{0}b", "a\n", "..",
            String(repeating: "d/", count: 64) + "f", String(repeating: "x", count: 256),
            String(repeating: "a/", count: 600),
        ])
    func paths(_ path: String) throws {
        let folder = try TestStage.newFolder()
        defer { TestStage.remove(folder) }
        let archive = ZipMaker.archive([.init(path: "good"), .init(path: path, bytes: [1])])
        #expect { try CodeStore(root: folder + "/code").keep(zip: archive) } throws: {
            ($0 as? FunctionsFailure)?.code == .archiveInvalid
        }
        #expect((try? FileManager.default.contentsOfDirectory(atPath: folder + "/code")) ?? [] == [])
    }

    private static let entry = ZipMaker.Entry(path: "a", bytes: [1, 2, 3])

    private static func changed(_ change: (inout ZipMaker.Entry) -> Void) -> [UInt8] {
        var entry = Self.entry
        change(&entry)
        return ZipMaker.archive([entry])
    }

    @Test(
        "damaged and hostile archives are refused",
        arguments: [
            ("no archive", Array("hello".utf8), "no zip archive"),
            ("nothing", [], "no zip archive"),
            ("link", changed { $0.mode = 0o120777 }, "is a link"),
            ("device", changed { $0.mode = 0o020666 }, "neither a file nor a folder"),
            ("encrypted", changed { $0.flags = 1 }, "is encrypted"),
            ("method", changed { $0.method = 12 }, "a method other"),
            ("sum", changed { $0.sum = 7 }, "the sum of"),
            ("stored size", changed { $0.size = 2 }, "is damaged"),
            ("other name", changed { $0.localPath = "b" }, "not where the directory says"),
            ("no deflate", changed { $0.method = 8 }, "is damaged"),
            ("folder with content", changed { $0.path = "a/" }, "has a content"),
            ("twice", ZipMaker.archive([entry, entry]), "is in it twice"),
            ("below a file", ZipMaker.archive([entry, .init(path: "a/b")]), "below another file"),
            ("cut off", Array(ZipMaker.archive([entry]).dropLast(3)), "no zip archive"),
            ("bytes before", [0] + ZipMaker.archive([entry]), "not where its end says"),
        ] as [(String, [UInt8], String)])
    func hostile(_ name: String, _ archive: [UInt8], _ words: String) throws {
        #expect { try CodeStore(root: "/nonexistent/gatewright").keep(zip: archive) } throws: {
            guard let failure = $0 as? FunctionsFailure else { return false }
            return failure.code == .archiveInvalid && failure.message.contains(words)
        }
    }

    @Test("a bomb is refused before anything is inflated, and one that lies while it is")
    func bombs() throws {
        let honest = (0..<3).map { ZipMaker.Entry(path: "\($0)", method: 8, size: 100 << 20, packed: [3, 0]) }
        #expect { try ZipArchive.files(ZipMaker.archive(honest)) } throws: {
            ($0 as? FunctionsFailure)?.code == .archiveTooLarge
        }
        // 1000 zeros, deflated; the directory speaks of ten.
        let packed: [UInt8] = [0x63, 0x60, 0x18, 0x05, 0xA3, 0x00, 0x00]
        let lying = ZipMaker.Entry(path: "a", bytes: [UInt8](repeating: 0, count: 10), method: 8, packed: packed)
        #expect { try ZipArchive.files(ZipMaker.archive([lying])) } throws: {
            ($0 as? FunctionsFailure)?.code == .archiveInvalid
        }
        let many = (0...20_000).map { ZipMaker.Entry(path: "\($0)") }
        #expect { try ZipArchive.files(ZipMaker.archive(many)) } throws: {
            ($0 as? FunctionsFailure)?.code == .archiveTooLarge
        }
        let large = [UInt8](repeating: 0, count: (50 << 20) + 1)
        #expect { try ZipArchive.files(large) } throws: { ($0 as? FunctionsFailure)?.code == .archiveTooLarge }
    }

    @Test("no archive that is cut off or has a byte changed crashes the reader")
    func everyCut() throws {
        let archive = ZipMaker.archive([Self.entry, .init(path: "b/c", bytes: Array("hello".utf8), mode: 0o100755)])
        for count in 0..<archive.count {
            #expect(throws: FunctionsFailure.self) { try ZipArchive.files(Array(archive.prefix(count))) }
        }
        for position in archive.indices {
            for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
                var changed = archive
                changed[position] = value
                do { _ = try ZipArchive.files(changed) } catch { #expect(!error.message.isEmpty) }
            }
        }
    }
}

/// Programs of this machine, run to their end.
enum Commands {
    struct NotStarted: Error {}

    /// The exit status.
    static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: Int32 = 0
        guard posix_spawnp(&pid, program, nil, nil, words, environ) == 0 else { throw NotStarted() }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status >> 8 & 0xFF
    }
}
