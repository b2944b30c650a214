import Glibc
import Testing

@testable import Storage

@Suite("the folder of a database") struct FileStatusTests {
    @Test("rights and kinds are told apart")
    func facts() throws {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o700)
        let closed = try #require(FileStatus(of: folder.path))
        #expect(closed.isFolder && closed.isOwn && !closed.isSticky && !closed.isOpenToOthers)
        chmod(folder.path, 0o1750)
        let open = try #require(FileStatus(of: folder.path))
        #expect(open.isSticky && open.isOpenToOthers)
        let file = try #require(FileStatus(of: "/etc/passwd"))
        #expect(!file.isFolder)
        #expect(FileStatus(of: folder.file("nothing")) == nil)
    }
}
