package import Diagnostics
package import JSON

extension Node {
    /// Reads one YAML file of one or more documents: YAML 1.2, core schema.
    ///
    /// Differences, all on purpose: integers with leading zeros are strings; `<<` merges as in YAML 1.1; the key of a
    /// map is the source text of a scalar; tags beyond the core schema's are errors. An empty file, or one of comments
    /// alone, has no document; a document that is started (`---`) and empty is null.
    ///
    /// - Returns: The documents, and what is wrong: faults of single nodes are collected (a tree is made all the same,
    ///   of two equal keys the first is kept); a fault of syntax, of aliases' size, or of a limit ends the reading, and
    ///   the 1,000th does as well; the documents before it are given. Nothing of a file with an error may be planned from.
    package static func parse(
        yaml bytes: [UInt8], file: String, limits: YAMLLimits = .standard
    ) -> (documents: [Node], diagnostics: [Diagnostic]) {
        bytes.withUnsafeBufferPointer { buffer in
            if let refusal = SourceCheck(buffer, file: file).refusal(bytesMax: limits.bytesMax) {
                return ([], [refusal])
            }
            let composer = Composer(buffer.withoutByteOrderMark, file: file, limits: limits)
            let documents = composer.documents()
            return (documents, composer.diagnostics)
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// A mark has no column: the first character of a file is in column 1 with it and without.
    var withoutByteOrderMark: Self {
        starts(with: [0xEF, 0xBB, 0xBF]) ? Self(rebasing: self[3...]) : self
    }
}
