/// A version in the order that semver.org gives.
///
/// SOURCE: Semantic Versioning 2.0.0, sections 2, 9 to 11.
struct SemanticVersion: Comparable, Hashable {
    var major: UInt64
    var minor: UInt64
    var patch: UInt64
    /// Parts between the dots; empty for a release.
    var prerelease: [String] = []

    var isRelease: Bool { prerelease.isEmpty }

    init(_ major: UInt64, _ minor: UInt64, _ patch: UInt64, _ prerelease: [String] = []) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
    }

    /// A tag's name: a version, with or without a `v` before it; nil for anything else.
    init?(tag: some StringProtocol) {
        let text = tag.hasPrefix("v") ? tag.dropFirst() : tag[...]
        guard let partial = PartialVersion(text), let minor = partial.minor, let patch = partial.patch,
            let major = partial.major
        else { return nil }
        self.init(major, minor, patch, partial.prerelease)
    }

    /// What is built of the same version is equal.
    static func < (left: Self, right: Self) -> Bool {
        let (first, second) = ([left.major, left.minor, left.patch], [right.major, right.minor, right.patch])
        guard first == second else { return first.lexicographicallyPrecedes(second) }
        if left.isRelease || right.isRelease { return !left.isRelease }
        for (one, other) in zip(left.prerelease, right.prerelease) where one != other {
            switch (UInt64(one), UInt64(other)) {
            case (let one?, let other?): return one < other
            case (_?, nil): return true
            case (nil, _?): return false
            case (nil, nil): return one.utf8.lexicographicallyPrecedes(other.utf8)
            }
        }
        return left.prerelease.count < right.prerelease.count
    }
}

/// A version whose end may be left out or a wildcard: `1`, `1.2.x`, `*`.
struct PartialVersion: Equatable {
    var major: UInt64?
    var minor: UInt64?
    var patch: UInt64?
    var prerelease: [String] = []

    init?(_ text: some StringProtocol) {
        let text = String(text)
        let withoutBuild = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let halves = withoutBuild.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(numbers.count) else { return nil }
        var values: [UInt64?] = []
        for number in numbers {
            if ["x", "X", "*"].contains(number) {
                values.append(nil)
            } else {
                guard values.allSatisfy({ $0 != nil }), let value = Self.number(number) else { return nil }
                values.append(value)
            }
        }
        while values.count < 3 { values.append(nil) }
        (major, minor, patch) = (values[0], values[1], values[2])
        guard halves.count == 2 else { return }
        prerelease = halves[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard patch != nil, prerelease.allSatisfy(Self.isIdentifier) else { return nil }
    }

    private static func number(_ text: some StringProtocol) -> UInt64? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return text.count > 1 && text.hasPrefix("0") ? nil : UInt64(text)
    }

    private static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            && (!text.allSatisfy(\.isNumber) || number(text) != nil)
    }

    /// The least version that it stands for.
    var least: SemanticVersion { SemanticVersion(major ?? 0, minor ?? 0, patch ?? 0, prerelease) }

    /// The least version above all that it stands for; nil if there is none.
    var above: SemanticVersion? {
        guard let major else { return nil }
        guard let minor else { return Self.next(major).map { SemanticVersion($0, 0, 0) } }
        guard let patch else { return Self.next(minor).map { SemanticVersion(major, $0, 0) } }
        return Self.next(patch).map { SemanticVersion(major, minor, $0) }
    }

    static func next(_ number: UInt64) -> UInt64? { number == .max ? nil : number + 1 }
}
