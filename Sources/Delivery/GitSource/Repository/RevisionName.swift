/// A name of a commit and the steps back from it: `main~2^2`.
struct RevisionName {
    enum Step: Hashable {
        /// `~N`: so many first parents back.
        case back(Int)
        /// `^N`: the parent of that number, from 1; 0 is the commit itself.
        case parent(Int)
    }

    let text: String
    /// Never empty.
    let base: String
    let steps: [Step]

    /// - Throws: `git.unknown-ref` for what no branch, tag or id can be named.
    init(_ text: String) throws(GitFailure) {
        self.text = text
        base = text.isEmpty ? "HEAD" : String(text.prefix { $0 != "~" && $0 != "^" })
        let isName = !base.isEmpty && !base.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: ":") }
        guard isName, !base.utf8.contains("@{".utf8), let steps = Self.steps(text.dropFirst(base.count)) else {
            throw GitFailure(.unknownRef, "`\(text)` is not a name of a branch, a tag or a commit")
        }
        self.steps = steps
    }

    private static func steps(_ text: Substring) -> [Step]? {
        var steps: [Step] = []
        var rest = text
        while let sign = rest.popFirst() {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard sign == "~" || sign == "^", let number = digits.isEmpty ? 1 : Int(digits),
                number <= Limits.forebearsMax, steps.count < Limits.forebearsMax
            else { return nil }
            steps.append(sign == "~" ? .back(number) : .parent(number))
            rest = rest.dropFirst(digits.count)
        }
        return steps
    }
}
