/// Which versions are wanted: `>=1.2 <2`, `^1.4`, `~1.2.3`, `1.x`, `1.2 - 1.4`, alternatives by `||`.
///
/// A prerelease is wanted only by an alternative that names one: `>=1.2.0-0`.
struct VersionRange {
    /// A half-open interval, or what is left out of one.
    private struct Part {
        var from: SemanticVersion?
        var isFromIncluded = true
        var to: SemanticVersion?
        var isToIncluded = false
        var isNegated = false

        func contains(_ version: SemanticVersion) -> Bool {
            let isAbove = from.map { isFromIncluded ? $0 <= version : $0 < version } ?? true
            let isBelow = to.map { isToIncluded ? version <= $0 : version < $0 } ?? true
            return (isAbove && isBelow) != isNegated
        }
    }

    private struct Alternative {
        var parts: [Part] = []
        var wantsPrereleases = false
    }

    private var alternatives: [Alternative] = []

    /// - Returns: Nil for what is no range.
    init?(_ text: String) {
        for written in text.split(separator: "|", omittingEmptySubsequences: false).chunkedByDoubleBars() ?? [] {
            guard let alternative = Self.alternative(written) else { return nil }
            alternatives.append(alternative)
        }
        guard !alternatives.isEmpty else { return nil }
    }

    func contains(_ version: SemanticVersion) -> Bool {
        alternatives.contains { alternative in
            (version.isRelease || alternative.wantsPrereleases)
                && alternative.parts.allSatisfy { $0.contains(version) }
        }
    }

    private static func alternative(_ text: String) -> Alternative? {
        var alternative = Alternative()
        var words = text.split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)[...]
        guard !words.isEmpty else { return nil }
        while let word = words.popFirst() {
            let sign = word.prefix { "<>=!~^".contains($0) }
            var rest = String(word.dropFirst(sign.count))
            if rest.isEmpty, let next = words.popFirst() { rest = next }
            guard let version = PartialVersion(rest.hasPrefix("v") ? String(rest.dropFirst()) : rest) else {
                return nil
            }
            alternative.wantsPrereleases = alternative.wantsPrereleases || !version.prerelease.isEmpty
            if sign.isEmpty, words.first == "-" {
                words.removeFirst()
                guard let last = words.popFirst().flatMap({ PartialVersion($0) }) else { return nil }
                alternative.wantsPrereleases = alternative.wantsPrereleases || !last.prerelease.isEmpty
                alternative.parts.append(part(from: version))
                alternative.parts.append(part(upTo: last))
                continue
            }
            guard let part = part(String(sign), version) else { return nil }
            alternative.parts.append(part)
        }
        return alternative
    }

    private static func part(from version: PartialVersion) -> Part { Part(from: version.least) }

    private static func part(upTo version: PartialVersion) -> Part {
        version.patch == nil ? Part(to: version.above) : Part(to: version.least, isToIncluded: true)
    }

    /// Nil for a sign that is none.
    private static func part(_ sign: String, _ version: PartialVersion) -> Part? {
        let exact = version.patch == nil ? nil : version.least
        switch sign {
        case "", "=", "==":
            return exact.map { Part(from: $0, to: $0, isToIncluded: true) }
                ?? Part(from: version.least, to: version.above)
        case "!=":
            var part =
                exact.map { Part(from: $0, to: $0, isToIncluded: true) } ?? Part(from: version.least, to: version.above)
            part.isNegated = true
            return part
        case ">=": return part(from: version)
        case ">":
            if let exact { return Part(from: exact, isFromIncluded: false) }
            // Nothing is above every version.
            return version.above.map { Part(from: $0) } ?? Part(to: SemanticVersion(0, 0, 0, ["0"]))
        case "<": return Part(to: version.least)
        case "<=": return part(upTo: version)
        case "~", "~>": return Part(from: version.least, to: tilde(version))
        case "^": return Part(from: version.least, to: caret(version))
        default: return nil
        }
    }

    private static func tilde(_ version: PartialVersion) -> SemanticVersion? {
        var wide = version
        wide.patch = nil
        wide.prerelease = []
        return wide.above
    }

    /// The first number that is not zero stays.
    private static func caret(_ version: PartialVersion) -> SemanticVersion? {
        var wide = version
        wide.prerelease = []
        if version.major != 0 || version.minor == nil {
            (wide.minor, wide.patch) = (nil, nil)
        } else if version.minor != 0 || version.patch == nil {
            wide.patch = nil
        }
        return wide.above
    }
}

extension [Substring] {
    /// What stood between `||`; nil where a bar stands alone.
    fileprivate func chunkedByDoubleBars() -> [String]? {
        guard count % 2 == 1 else { return nil }
        var texts: [String] = []
        for (position, part) in enumerated() {
            if position % 2 == 0 {
                texts.append(String(part))
            } else if !part.isEmpty {
                return nil
            }
        }
        return texts
    }
}
