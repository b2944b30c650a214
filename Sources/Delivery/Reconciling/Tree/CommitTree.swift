package import GitSource
package import Manifests
import Synchronization

/// The files of one commit, or of a merge, read from the object database: nothing is checked out.
package final class CommitTree: FileTree {
    private enum Root {
        case commit(CommitID)
        case tree(TreeID)
    }

    private let repository: GitRepository
    private let root: Root
    /// What was listed so far, by path, so that reading needs no second walk.
    private let known = Mutex<[String: TreeFile]>([:])

    package init(_ repository: GitRepository, at commit: CommitID) {
        self.repository = repository
        root = .commit(commit)
    }

    /// The files that a merge gives.
    package init(_ merged: MergedTree) {
        repository = merged.repository
        root = .tree(merged.id)
    }

    package func list(under path: String) async throws(TreeFailure) -> [TreeEntry] {
        let files = try await files(under: path)
        known.withLock { known in
            for file in files { known[file.path] = file }
        }
        return files.filter { !$0.path.isHidden }.map {
            TreeEntry(path: $0.path, byteCount: $0.size, contentID: $0.blob.hex, isExecutable: $0.isExecutable)
        }
    }

    package func read(_ path: String, byteLimit: Int) async throws(TreeFailure) -> [UInt8]? {
        try await read([path], byteLimit: byteLimit).first ?? nil
    }

    package func read(_ paths: [String], byteLimit: Int) async throws(TreeFailure) -> [[UInt8]?] {
        var found: [TreeFile?] = []
        for path in paths {
            if let file = known.withLock({ $0[path] }) {
                found.append(file)
            } else {
                found.append(try await files(under: path).first { $0.path == path })
            }
        }
        let contents: [[UInt8]]
        do {
            contents = try await repository.read(found.compactMap(\.self), byteLimit: byteLimit)
        } catch {
            throw TreeFailure(error)
        }
        var rest = contents[...]
        return found.map { $0 == nil ? nil : rest.popFirst() }
    }

    /// What stands at some paths, files or folders: equal texts mean equal content. What is not there is left out.
    func contents(at paths: [String]) async throws(TreeFailure) -> [String: String] {
        do throws(GitFailure) {
            switch root {
            case .commit(let commit): return try await repository.contents(of: commit, at: paths)
            case .tree(let tree): return try await repository.contents(in: tree, at: paths)
            }
        } catch {
            throw TreeFailure(error)
        }
    }

    private func files(under path: String) async throws(TreeFailure) -> [TreeFile] {
        do {
            switch root {
            case .commit(let commit): return try await repository.files(of: commit, under: [path])
            case .tree(let tree): return try await repository.files(in: tree, under: [path])
            }
        } catch let failure where failure.code == .pathNotFound {
            return []
        } catch {
            throw TreeFailure(error)
        }
    }
}

extension TreeFailure {
    init(_ failure: GitFailure) {
        let code: Code = failure.code == .fileTooLarge || failure.code == .batchTooLarge ? .fileTooLarge : .unreadable
        self.init(code, failure.message, recovery: failure.recovery, cause: failure)
    }
}

extension String {
    /// True for what no tree lists: git's own folder and the data directory.
    var isHidden: Bool { split(separator: "/").contains { $0 == ".git" || $0 == ".gatewright" } }
}
