import CLibgit2
import Glibc

/// Makes a bare repository the mirror of a remote: the branches and tags that it has, where they stand now.
///
/// It blocks as long as the network does and cannot be interrupted: it runs in a process of its own, which
/// ``GitMirror`` starts and ends.
package struct Transfer {
    private static let refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]

    private let request: TransferRequest
    private let url: RemoteURL
    private let session: TransferSession

    /// - Parameter report: Called with signs of progress, a few times a second, on this thread.
    package init(
        _ request: TransferRequest, report: @escaping (TransferWord) -> Void
    ) throws(GitFailure) {
        self.request = request
        url = try RemoteURL(request.url)
        session = TransferSession(url: url, access: request.access, report: report)
    }

    /// - Returns: The branch that the remote's HEAD names, such as `main`; nil if it names none.
    /// - Throws: Any failure of remotes.
    package func run() throws(GitFailure) -> String? {
        guard Library.start > 0 else {
            throw GitFailure(.unreadable, "the git library does not start: \(GitFailure.lastLibraryMessage)")
        }
        if let home = request.access.home { _ = gw_git_set_configuration_folder(home) }
        _ = gw_git_sync_to_disk()
        if let file = request.access.authorities {
            try check(gw_git_set_authorities(file), "the certificates in `\(file)` cannot be read")
        }
        let repository = try openOrMake()
        defer { git_repository_free(repository) }
        var pointer: OpaquePointer?
        try check(git_remote_create_anonymous(&pointer, repository, url.address))
        guard let remote = pointer else { throw GitFailure(.remoteProtocol, "`\(url.description)` is no remote") }
        defer { git_remote_free(remote) }
        return try withExtendedLifetime(session) { () throws(GitFailure) in try fetch(remote, repository) }
    }

    private func openOrMake() throws(GitFailure) -> OpaquePointer {
        var repository: OpaquePointer?
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        if git_repository_open_ext(&repository, request.folder, flags, nil) != 0 {
            try check(git_repository_init(&repository, request.folder, 1), isLocal: true)
        }
        guard let repository else {
            throw GitFailure(.mirrorUnwritable, "`\(request.folder)` cannot be opened")
        }
        return repository
    }

    private func fetch(_ remote: OpaquePointer, _ repository: OpaquePointer) throws(GitFailure) -> String? {
        var callbacks = git_remote_callbacks()
        git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        callbacks.credentials = transferCredentials
        callbacks.certificate_check = transferCertificate
        callbacks.transfer_progress = transferProgress
        callbacks.sideband_progress = transferText
        callbacks.payload = Unmanaged.passUnretained(session).toOpaque()
        var connecting = git_remote_connect_options()
        git_remote_connect_options_init(&connecting, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION))
        connecting.callbacks = callbacks
        connecting.proxy_opts.type = GIT_PROXY_AUTO
        connecting.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        try check(git_remote_connect_ext(remote, GIT_DIRECTION_FETCH, &connecting))
        defer { git_remote_disconnect(remote) }
        session.sayProgress(objects: 0, bytes: 0)
        // Before the new ones are written: a branch `a` that is gone must not be in the way of a branch `a/b`.
        try prune(repository, keeping: try names(remote))
        var options = git_fetch_options()
        git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        options.callbacks = callbacks
        options.proxy_opts.type = GIT_PROXY_AUTO
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        options.update_fetchhead = 0
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        try check(
            Self.withStrings(Self.refspecs) { list in
                var list = list
                return git_remote_fetch(remote, &list, &options, nil)
            })
        return try follow(remote, repository)
    }

    private func names(_ remote: OpaquePointer) throws(GitFailure) -> Set<String> {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try check(git_remote_ls(&heads, &count, remote))
        guard count <= Limits.refsMax else {
            throw GitFailure(
                .remoteProtocol, "`\(url.description)` has \(count) branches and tags, and \(Limits.refsMax) are read")
        }
        return Set((0..<count).compactMap { heads?[$0]?.pointee.name.map { String(cString: $0) } })
    }

    private func prune(_ repository: OpaquePointer, keeping names: Set<String>) throws(GitFailure) {
        var list = git_strarray()
        try check(git_reference_list(&list, repository), isLocal: true)
        defer { git_strarray_dispose(&list) }
        for position in 0..<list.count {
            guard let text = list.strings[position] else { continue }
            let name = String(cString: text)
            guard name.hasPrefix("refs/"), !names.contains(name) else { continue }
            try check(git_reference_remove(repository, name), isLocal: true)
        }
    }

    /// HEAD names here what it names there.
    private func follow(_ remote: OpaquePointer, _ repository: OpaquePointer) throws(GitFailure) -> String? {
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        guard git_remote_default_branch(&buffer, remote) == 0, let text = buffer.ptr else { return nil }
        let name = String(cString: text)
        var head: OpaquePointer?
        try check(git_reference_symbolic_create(&head, repository, "HEAD", name, 1, nil), isLocal: true)
        git_reference_free(head)
        return name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : name
    }

    private func check(
        _ result: Int32, isLocal: Bool = false, _ message: @autoclosure () -> String? = nil
    ) throws(GitFailure) {
        guard result != 0 else { return }
        if let failure = session.failure { throw failure }
        if let message = message() { throw GitFailure(.unreadable, message) }
        throw GitFailure(transferring: url, request.folder, result, isLocal: isLocal)
    }

    private func check(_ result: Int32, _ message: String) throws(GitFailure) {
        try check(result, isLocal: true, message)
    }

    private static func withStrings(_ texts: [String], _ body: (git_strarray) -> Int32) -> Int32 {
        var pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { body(git_strarray(strings: $0.baseAddress, count: $0.count)) }
    }
}
