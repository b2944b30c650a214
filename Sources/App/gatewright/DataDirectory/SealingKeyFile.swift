import Glibc

/// `sealing.key`: 64 hex digits that the engine seals secrets with, made on the first start.
struct SealingKeyFile {
    let directory: DataDirectory

    private var path: String { directory.sealingKeyPath }

    /// - Returns: 32 bytes.
    /// - Throws: `data-directory.bad-sealing-key` for a file that holds anything else.
    func readOrMake() throws(DataDirectoryFailure) -> [UInt8] {
        if let text = try FileText.read(path) { return try parse(text) }
        var generator = SystemRandomNumberGenerator()
        let made = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = made.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\n"
        try FileText.write(text, to: path, mode: 0o600, isReplacing: false)
        // Of several processes that start at once, the first one's key counts for all.
        guard let kept = try FileText.read(path) else { return made }
        return try parse(kept)
    }

    private func parse(_ text: String) throws(DataDirectoryFailure) -> [UInt8] {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "\n") }.map { Character(Unicode.Scalar($0)).hexDigitValue }
        let nibbles = digits.compactMap(\.self)
        guard digits.count == 64, nibbles.count == 64 else {
            throw DataDirectoryFailure(.badSealingKey, "`\(path)` is not 64 hex digits")
        }
        return stride(from: 0, to: 64, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
    }
}
