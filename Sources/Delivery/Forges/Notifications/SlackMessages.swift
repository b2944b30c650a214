import HTTPTypes
import JSON

/// A receiver that takes the messages of Slack's incoming webhooks; Mattermost, Rocket.Chat and others take them too.
///
/// SOURCE: Slack API, "Sending messages using incoming webhooks", "Formatting text": read 2026-11.
package struct SlackMessages: Sendable {
    private let address: WebAddress

    /// - Throws: `forge.bad-url`.
    package init(url: String) throws(ForgeFailure) { address = try WebAddress(url) }

    /// For logs: without the path, which is the receiver's only secret.
    package var place: String { "\(address)" }

    /// The request that shows a notice to people.
    package func message(_ notice: Notice) -> Message {
        let title = "\(notice.environment): \(notice.kind.title)"
        var lines = ["\(notice.kind.sign) *\(Self.escaped(title))*", Self.escaped(notice.message)]
        if let code = notice.problemCode {
            lines.append("`\(Self.escaped(code))` \(Self.escaped(notice.problemMessage ?? ""))")
        }
        var blocks: [JSONValue] = [
            ["type": "section", "text": ["type": "mrkdwn", "text": .string(Self.shortened(lines))]]
        ]
        let context = Self.context(notice)
        if !context.isEmpty {
            let element: JSONValue = ["type": "mrkdwn", "text": .string(Self.shortened(context, separator: "  ·  "))]
            blocks.append(["type": "context", "elements": .array([element])])
        }
        // `text` is what notifications show, and what receivers without blocks show.
        let plain = Self.shortened([Self.escaped("\(title): \(notice.message)")])
        let body: JSONObject = ["text": .string(plain), "blocks": .array(blocks)]
        var fields = HTTPFields()
        fields[.contentType] = "application/json; charset=utf-8"
        return Message(
            request: address.request(.post, fields: fields), body: JSONValue.object(body).bytes(.compact))
    }

    private static func context(_ notice: Notice) -> [String] {
        var parts: [String] = []
        if let commit = notice.commit {
            parts.append(escaped("commit \(commit.prefix(7))" + (notice.subject.map { ": \($0)" } ?? "")))
        }
        if let author = notice.author { parts.append(escaped(author)) }
        if let revision = notice.revision, revision > 0 { parts.append("revision \(revision)") }
        if let link = notice.link, !link.contains(where: { "|<>".contains($0) }) { parts.append("<\(link)|status>") }
        return parts
    }

    /// Never cut inside of an escape.
    private static func shortened(_ parts: [String], separator: String = "\n") -> String {
        let text = parts.joined(separator: separator)
        guard text.count > Limits.slackCharactersMax else { return text }
        var part = text.prefix(Limits.slackCharactersMax)
        if let start = part.suffix(5).lastIndex(of: "&"), !part[start...].contains(";") { part = part[..<start] }
        return part + "…"
    }

    /// A name of the user's cannot mention anybody, make a link, nor end our own marks.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "`", "*": result.append("'")
            default: result.append(character)
            }
        }
        return result
    }
}

extension Notice.Kind {
    fileprivate var title: String {
        switch self {
        case .applied: "applied"
        case .refused: "refused"
        case .rolledBack: "rolled back"
        case .residue: "failed, with a residue"
        case .failed: "failed, tried again"
        case .held: "held"
        case .resumed: "resumed"
        case .recovered: "recovered"
        case .driftFound: "drift found"
        case .driftCorrected: "drift corrected"
        }
    }

    fileprivate var sign: String {
        switch self {
        case .applied, .resumed, .recovered, .driftCorrected: ":white_check_mark:"
        case .refused, .residue: ":no_entry:"
        case .rolledBack, .failed, .driftFound: ":warning:"
        case .held: ":hand:"
        }
    }
}
