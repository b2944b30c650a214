package import JSON

/// Something about an environment that people want to be told.
package struct Notice: Sendable, Equatable {
    /// The words of the configuration and of the messages; never renamed.
    package enum Kind: String, Sendable, CaseIterable {
        /// A commit is live.
        case applied
        /// A commit cannot be applied; the one before keeps serving.
        case refused
        /// A step failed; everything was put back.
        case rolledBack = "rolled-back"
        /// A step failed, and something is not as it was.
        case residue
        /// An attempt could not be made, for instance since the target is down; it is made again.
        case failed
        /// Somebody must agree, resume, or look.
        case held
        case resumed
        /// An apply that a crash interrupted was finished or taken back.
        case recovered
        /// The target is not what was applied.
        case driftFound = "drift-found"
        /// What was not as applied is so again.
        case driftCorrected = "drift-corrected"
    }

    package var kind: Kind
    package var environment: String
    /// Milliseconds since 1970.
    package var time: Int64
    /// The same moment as text: `2026-11-22T15:09:38.120Z`.
    package var timeText: String
    /// One sentence.
    package var message: String
    package var commit: String?
    /// The first line of the commit's message, and who wrote it.
    package var subject: String?
    package var author: String?
    package var revision: Int?
    package var planDigest: String?
    package var problemCode: String?
    package var problemMessage: String?
    /// Where to read on; nil where the controller has no address that others reach.
    package var link: String?

    package init(
        _ kind: Kind, environment: String, time: Int64, timeText: String, message: String, commit: String? = nil
    ) {
        self.kind = kind
        self.environment = environment
        self.time = time
        self.timeText = timeText
        self.message = message
        self.commit = commit
    }
}

extension Notice: Letter {
    /// Also the id of the message at its receiver: the same however often it is sent.
    package var key: String {
        let facts = [kind.rawValue, environment, String(time), commit ?? "", message, problemCode ?? ""]
        return "msg_" + BodyCode.hash(Array(facts.joined(separator: "\u{0}").utf8)).prefix(32)
    }

    /// What a receiver gets as `data`, and what is kept.
    package var document: JSONValue {
        var document: JSONObject = [
            "kind": .string(kind.rawValue), "environment": .string(environment), "time": .string(timeText),
            "timeMilliseconds": .number(JSONNumber(Int(time))), "message": .string(message),
        ]
        document["commit"] = commit.map { .string($0) }
        document["subject"] = subject.map { .string($0) }
        document["author"] = author.map { .string($0) }
        document["revision"] = revision.map { .number(JSONNumber($0)) }
        document["planDigest"] = planDigest.map { .string($0) }
        if let problemCode {
            document["problem"] = ["code": .string(problemCode), "message": .string(problemMessage ?? "")]
        }
        document["link"] = link.map { .string($0) }
        return .object(document)
    }

    package init?(_ document: JSONValue) {
        guard let kind = document["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let environment = document["environment"]?.string, let timeText = document["time"]?.string,
            let time = document["timeMilliseconds"]?.int, let message = document["message"]?.string
        else { return nil }
        self.init(
            kind, environment: environment, time: Int64(time), timeText: timeText, message: message,
            commit: document["commit"]?.string)
        subject = document["subject"]?.string
        author = document["author"]?.string
        revision = document["revision"]?.int
        planDigest = document["planDigest"]?.string
        problemCode = document["problem"]?["code"]?.string
        problemMessage = document["problem"]?["message"]?.string
        link = document["link"]?.string
    }
}
