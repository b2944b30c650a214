/// A name compared by its bytes: `String` holds texts equal that differ only in how accents are composed, the
/// services and JSON do not.
package struct ExactName: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: Self, right: Self) -> Bool { left.text.isExactly(right.text) }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
    /// True if both have the same bytes.
    package func isExactly(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let same = utf8.withContiguousStorageIfAvailable { bytes in
            other.utf8.withContiguousStorageIfAvailable { otherBytes in
                UnsafeRawBufferPointer(bytes).hasSameBytes(as: UnsafeRawBufferPointer(otherBytes))
            }
        }
        return (same ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}

extension UnsafeRawBufferPointer {
    /// A word at a time: for names as fast as the C library, which this target may not import.
    ///
    /// - Precondition: Both have the same count.
    fileprivate func hasSameBytes(as other: Self) -> Bool {
        var offset = 0
        while offset + 32 <= count {
            if word(SIMD4<UInt64>.self, at: offset) != other.word(SIMD4<UInt64>.self, at: offset) { return false }
            offset += 32
        }
        while offset + 8 <= count {
            if word(UInt64.self, at: offset) != other.word(UInt64.self, at: offset) { return false }
            offset += 8
        }
        while offset < count {
            if self[offset] != other[offset] { return false }
            offset += 1
        }
        return true
    }

    private func word<Word: BitwiseCopyable>(_: Word.Type, at offset: Int) -> Word {
        loadUnaligned(fromByteOffset: offset, as: Word.self)
    }
}
