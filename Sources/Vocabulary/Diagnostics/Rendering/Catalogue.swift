/// Every stable code of a program, with its explanation: what `gatewright explain` looks up and `docs/diagnostics/` is
/// made from.
package struct Catalogue: Sendable {
    package struct Entry: Sendable, Hashable {
        package let code: String
        package let explanation: Explanation
    }

    /// In the order of their codes, each once.
    package let entries: [Entry]
    private let positions: [String: Int]

    /// - Precondition: No code is declared twice.
    package init(_ types: [any StableCode.Type]) {
        var entries: [Entry] = []
        for type in types { entries += Self.entries(of: type) }
        entries.sort { $0.code < $1.code }
        self.entries = entries
        var positions: [String: Int] = [:]
        for (position, entry) in entries.enumerated() {
            let earlier = positions.updateValue(position, forKey: entry.code)
            precondition(earlier == nil, "the code \(entry.code) is declared once")
        }
        self.positions = positions
    }

    private static func entries<Code: StableCode>(of type: Code.Type) -> [Entry] {
        Code.allCases.map { Entry(code: $0.rawValue, explanation: $0.explanation) }
    }

    /// The entry of a code as users type it; nil for an unknown one.
    package subscript(code: String) -> Entry? { positions[code].map { entries[$0] } }

    /// The known code nearest to one that is unknown.
    package func suggestion(for code: String) -> String? { Suggestion.nearest(to: code, among: entries.map(\.code)) }
}

extension Catalogue.Entry {
    /// A page of `docs/diagnostics/`.
    package var markdown: String {
        var page = "# `\(code)`\n\n\(Self.sentence(explanation.meaning))\n\n"
        page += "**Cause.** \(Self.sentence(explanation.cause))\n\n**Remedy.** \(Self.sentence(explanation.remedy))\n"
        if !explanation.example.isEmpty {
            let fence = explanation.example.contains("```") ? "````" : "```"
            page += "\n\(fence)\n\(explanation.example)\n\(fence)\n"
        }
        return page
    }

    /// With a capital letter and a full stop; a text that starts with code keeps its start.
    private static func sentence(_ text: String) -> String {
        let ends = text.last.map { ".!?".contains($0) } ?? true
        return text.prefix(1).uppercased() + text.dropFirst() + (ends ? "" : ".")
    }
}
