/// One file of a function's code.
package struct CodeFile: Sendable, Hashable {
    /// Relative, its parts joined by `/`; checked by ``CodeStore``.
    package var path: String
    package var bytes: [UInt8]
    package var isExecutable: Bool

    package init(path: String, bytes: [UInt8], isExecutable: Bool) {
        self.path = path
        self.bytes = bytes
        self.isExecutable = isExecutable
    }
}
