/// The files in which the code of a function differs from another.
package struct CodeDifference: Sendable, Hashable {
    /// Paths inside the folder, in the order of their bytes; at most ``Limits/codeFilesShownMax`` altogether.
    package private(set) var added: [String] = []
    package private(set) var changed: [String] = []
    package private(set) var removed: [String] = []
    /// Files that differ beside those named.
    package private(set) var moreCount = 0

    /// - Parameters: Archives as ``CodeArchive`` has them.
    /// - Returns: Nil where one of them is of another form.
    package init?(from old: [UInt8], to new: [UInt8]) {
        guard let old = StoredFiles(old), let new = StoredFiles(new) else { return nil }
        for path in Set(old.files.keys).union(new.files.keys).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        {
            switch (old.files[path], new.files[path]) {
            case (nil, .some): note(path, \.added)
            case (.some, nil): note(path, \.removed)
            case (let before?, let after?) where before != after: note(path, \.changed)
            default: continue
            }
        }
    }

    /// As a plan file has it.
    package init(added: [String], changed: [String], removed: [String], moreCount: Int) {
        self.added = added
        self.changed = changed
        self.removed = removed
        self.moreCount = moreCount
    }

    private mutating func note(_ path: String, _ list: WritableKeyPath<Self, [String]>) {
        if added.count + changed.count + removed.count < Limits.codeFilesShownMax {
            self[keyPath: list].append(path)
        } else {
            moreCount += 1
        }
    }
}

/// The files of an archive in which nothing is compressed.
private struct StoredFiles {
    struct File: Equatable {
        let mode: ArraySlice<UInt8>
        let content: ArraySlice<UInt8>

        static func == (left: Self, right: Self) -> Bool {
            left.mode.elementsEqual(right.mode) && left.content.elementsEqual(right.content)
        }
    }

    private(set) var files: [String: File] = [:]

    /// SOURCE: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
    init?(_ bytes: [UInt8]) {
        let end = bytes.count - 22
        guard Self.number(bytes, end, 4) == 0x0605_4B50, let count = Self.number(bytes, end + 10, 2),
            var position = Self.number(bytes, end + 16, 4)
        else { return nil }
        for _ in 0..<count {
            guard Self.number(bytes, position, 4) == 0x0201_4B50, Self.number(bytes, position + 10, 2) == 0,
                let size = Self.number(bytes, position + 20, 4), let name = Self.number(bytes, position + 28, 2),
                let others = Self.number(bytes, position + 30, 4), others == 0,
                let offset = Self.number(bytes, position + 42, 4), position + 46 + name <= end,
                offset + 30 + name + size <= end
            else { return nil }
            let path = String(decoding: bytes[(position + 46)..<(position + 46 + name)], as: UTF8.self)
            let start = offset + 30 + name
            files[path] = File(
                mode: bytes[(position + 38)..<(position + 42)], content: bytes[start..<(start + size)])
            position += 46 + name
        }
    }

    /// Nil outside the bytes.
    private static func number(_ bytes: [UInt8], _ position: Int, _ width: Int) -> Int? {
        guard position >= 0, position + width <= bytes.count else { return nil }
        return (0..<width).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }
}
