import Diagnostics
import IAMPolicy
import JSON

/// A decision as `gatewright why` prints it.
struct WhyAnswer {
    let request: AccessRequest
    let decision: AccessDecision
    /// What was left open.
    var notes: [String] = []
    /// Where the statement is, if its policy does not know.
    var place: SourceSpan?

    /// `allowed by statement 2 (read) of policy.json` and where that is.
    var text: String {
        var text = decision.outcome.rawValue
        if let statement = decision.statement {
            let sid = statement.sid.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
            text += " by statement \(statement.index + 1)\(sid) of `\(statement.policy)`, \(layerWords)"
            if let span = place ?? statement.span { text += "\n  \(span)" }
        } else {
            text += ": " + reason
        }
        for note in notes { text += "\n  note: \(note)" }
        return text
    }

    private var layerWords: String {
        switch decision.layer {
        case .identity: "an identity policy"
        case .boundary: "the permissions boundary"
        case .session: "the session policy"
        case .resource: "the resource's policy"
        case .fixedRule: "a fixed rule"
        }
    }

    private var reason: String {
        switch (decision.layer, decision.isAllowed) {
        case (.fixedRule, true):
            request.caller.kind == .root
                ? "the root user needs no policy" : "everybody may do this, whatever policies say"
        case (.fixedRule, false): "what belongs to AWS is changed by nobody"
        case (.identity, _): "no identity policy allows it"
        case (.boundary, _): "the permissions boundary does not allow it"
        case (.session, _): "the session policy does not allow it, or a federated user has none"
        case (.resource, _): "the resource's policy does not allow it, which this caller needs"
        }
    }

    var json: JSONValue {
        var answer: JSONObject = [
            "principal": .string(request.caller.arn.isEmpty ? "anonymous" : request.caller.arn),
            "action": .string(request.action), "resource": .string(request.resource),
            "decision": .string(decision.outcome.rawValue), "layer": .string(decision.layer.rawValue),
        ]
        if !notes.isEmpty { answer["notes"] = .array(notes.map { .string($0) }) }
        guard let statement = decision.statement else { return .object(answer) }
        var place: JSONObject = ["policy": .string(statement.policy), "index": .number(JSONNumber(statement.index))]
        place["sid"] = statement.sid.map { .string($0) }
        if let span = self.place ?? statement.span {
            place["file"] = .string(span.file)
            place["line"] = .number(JSONNumber(span.line))
            place["column"] = .number(JSONNumber(span.column))
        }
        answer["statement"] = .object(place)
        return .object(answer)
    }
}
