import CLibgit2

extension GitFailure {
    /// What libgit2 said last on this thread, without its full stop.
    ///
    /// Read at once after the call that failed: the next one may replace it.
    static var lastLibraryMessage: String {
        guard let error = git_error_last(), let text = error.pointee.message else { return "no details are given" }
        let message = String(cString: text)
        return message.hasSuffix(".") ? String(message.dropLast()) : message
    }

    /// An object that could not be read; `what` is `blob 1234567` or a path in backticks.
    init(reading what: String, _ result: Int32, path: String? = nil) {
        let detail = Self.lastLibraryMessage
        let isSystem = git_error_last()?.pointee.klass == Int32(GIT_ERROR_OS.rawValue)
        if result == GIT_ENOTFOUND.rawValue {
            self.init(.objectMissing, "\(what) is not in the repository", path: path)
        } else if isSystem {
            self.init(.unreadable, "\(what) cannot be read: \(detail)", path: path)
        } else {
            self.init(.objectCorrupt, "\(what) is damaged: \(detail)", path: path)
        }
    }
}
