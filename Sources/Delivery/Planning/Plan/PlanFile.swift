import Diagnostics
package import JSON
import Resources

/// The names of `gatewright.plan/v1`, the form of a plan in files and in `--format json`.
enum PlanFile {
    static let format = "gatewright.plan/v1"
}

extension Plan {
    /// The whole plan as `gatewright.plan/v1`; ``read(_:)`` gives it back.
    package var json: JSONValue {
        var object: JSONObject = [
            "format": .string(PlanFile.format),
            "environment": .string(environment),
            "target": target,
            "digest": .string(digest),
            "summary": PlanSummary(self).json,
            "settings": settings.json,
            "phases": .array(phases.map(\.json)),
            "changes": .array(changes.map(\.json)),
            "findings": .array(findings.map(\.json)),
            "needsConsent": .array(needsConsent.map(\.json)),
        ]
        object["access"] = access.map(\.json)
        object["estimate"] = estimate.map(\.json)
        return .object(object)
    }

    /// Reads a plan file.
    ///
    /// - Throws: `planning.file-unreadable`, `-too-large`, `-version`, `-incomplete`, or `-altered` when the changes do not
    ///   have the digest that the file names.
    package static func read(_ bytes: [UInt8]) throws(PlanningFailure) -> Plan {
        try read(bytes, bytesMax: Limits.planFileBytesMax)
    }

    static func read(_ bytes: [UInt8], bytesMax: Int) throws(PlanningFailure) -> Plan {
        guard bytes.count <= bytesMax else {
            throw PlanningFailure(
                .fileTooLarge, "the plan file has \(bytes.count) bytes, and \(bytesMax) is the most")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, limits: JSONLimits(bytesMax: bytesMax))
        } catch {
            throw PlanningFailure(.fileUnreadable, "the plan file is not JSON", cause: error)
        }
        return try read(value)
    }

    /// Reads what ``json`` gives.
    package static func read(_ value: JSONValue) throws(PlanningFailure) -> Plan {
        guard let format = value["format"]?.string else {
            throw PlanningFailure(.fileVersion, "the file is no plan: it has no `format`")
        }
        guard format == PlanFile.format else {
            throw PlanningFailure(.fileVersion, "the file has the format `\(format)`, and `\(PlanFile.format)` is read")
        }
        let file = PlanFileReader(value: value, path: "")
        var plan = Plan(
            environment: try file.text("environment"), target: try file.member("target").value,
            settings: try ApplySettings(file.member("settings")),
            changes: try file.list("changes") { (item) throws(PlanningFailure) in try Change(item) },
            findings: try file.list("findings") { (item) throws(PlanningFailure) in try Diagnostic(item) },
            needsConsent: try file.list("needsConsent") { (item) throws(PlanningFailure) in try ConsentReason(item) },
            digest: try file.text("digest"))
        plan.access = try file.optional("access").map { (item) throws(PlanningFailure) in try AccessReport(item) }
        plan.estimate = try file.optional("estimate").map { (item) throws(PlanningFailure) in try Estimate(item) }
        let digest = PlanDigest.of(environment: plan.environment, target: plan.target, changes: plan.changes)
        guard plan.digest == digest else {
            throw PlanningFailure(
                .fileAltered, "the plan file names the digest `\(plan.digest)`, and its changes have `\(digest)`")
        }
        return plan
    }
}

extension Estimate {
    var json: JSONValue {
        ["calls": .number(JSONNumber(calls)), "milliseconds": .number(JSONNumber(milliseconds))]
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        self.init(
            calls: try file.int("calls"), duration: .milliseconds(min(try file.int("milliseconds"), Self.longest)))
    }

    private static var longest: Int { 1 << 40 }

    private var milliseconds: Int {
        Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    }

    /// `about 14 calls, 2 s`.
    var text: String {
        let seconds = (milliseconds + 999) / 1000
        let time = seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
        return calls == 1 ? "about 1 call, \(time)" : "about \(calls) calls, \(time)"
    }
}

extension ApplySettings {
    var json: JSONValue {
        [
            "parallelism": .number(JSONNumber(parallelism)),
            "onFailure": .string(onFailure.rawValue),
            "maxDeletes": .number(JSONNumber(maxDeletes)),
            "protect": .array(protect.map { .string($0) }),
        ]
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        self.init()
        parallelism = try file.int("parallelism")
        onFailure = try file.choice("onFailure")
        maxDeletes = try file.int("maxDeletes")
        protect = try file.list("protect") { (item) throws(PlanningFailure) in try item.text() }
    }
}

extension Change {
    var json: JSONValue {
        var object: JSONObject = [
            "action": .string(action.rawValue),
            "address": .string(address.description),
            "visibility": .string(visibility.rawValue),
            "reversible": .bool(isReversible),
        ]
        object["origin"] = origin.map(\.json)
        object["reason"] = reason.map { .string($0) }
        object["span"] = span.map(\.json)
        // A document may be null for itself, so absent and null are told apart.
        object["before"] = before
        object["after"] = after
        object["code"] = code.map(\.json)
        object["properties"] = .array(properties.map(\.json))
        object["dependencies"] = .array(dependencies.map { .string($0.description) })
        return .object(object)
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        self.init(
            try file.choice("action"), try file.member("address").address(), before: file.value["before"],
            after: file.value["after"],
            dependencies: try file.list("dependencies") { (item) throws(PlanningFailure) in try item.address() },
            visibility: try file.choice("visibility"), isReversible: try file.bool("reversible"),
            reason: try file.optional("reason")?.text(),
            span: try file.optional("span").map { (span) throws(PlanningFailure) in try SourceSpan(span) })
        code = try file.optional("code").map { (code) throws(PlanningFailure) in try CodeDifference(code) }
        origin = try file.optional("origin").map { (origin) throws(PlanningFailure) in try Origin(origin) }
    }
}

extension Change.Origin {
    var json: JSONValue {
        switch self {
        case .recorded(let address): ["address": .string(address.description)]
        case .target(let id): ["id": .string(id)]
        }
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        if let address = try file.optional("address") {
            self = .recorded(try address.address())
        } else {
            self = .target(try file.text("id"))
        }
    }
}

extension SourceSpan {
    var json: JSONValue {
        [
            "file": .string(file), "line": .number(JSONNumber(line)), "column": .number(JSONNumber(column)),
            "length": .number(JSONNumber(length)),
        ]
    }

    init(_ span: PlanFileReader) throws(PlanningFailure) {
        self.init(
            file: try span.text("file"), line: try span.int("line"), column: try span.int("column"),
            length: try span.int("length"))
    }
}

extension Diagnostic {
    var json: JSONValue {
        var object: JSONObject = [
            "severity": .string(severity.rawValue), "code": .string(code), "message": .string(message),
            "spans": .array(spans.map(\.json)),
        ]
        object["remedy"] = remedy.map { .string($0) }
        return .object(object)
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        self.init(
            try file.choice("severity"), PlanFinding.undeclared, try file.text("message"),
            at: try file.list("spans") { (span) throws(PlanningFailure) in try SourceSpan(span) },
            remedy: try file.optional("remedy")?.text())
        // Findings of other targets travel with a plan, so the code is any text.
        code = try file.text("code")
    }
}

extension ConsentReason {
    var json: JSONValue {
        switch self {
        case .tooManyDeletes(let count, let limit):
            [
                "reason": "tooManyDeletes", "count": .number(JSONNumber(count)), "limit": .number(JSONNumber(limit)),
            ]
        case .protected(let address, let pattern):
            ["reason": "protected", "address": .string(address.description), "pattern": .string(pattern)]
        case .deletesEvery(let kind, let count):
            ["reason": "deletesEvery", "kind": .string(kind.rawValue), "count": .number(JSONNumber(count))]
        case .interruption(let address):
            ["reason": "interruption", "address": .string(address.description)]
        case .loosened(let field, let before, let after):
            ["reason": "loosened", "field": .string(field), "before": .string(before), "after": .string(after)]
        case .approval: ["reason": "approval"]
        case .bothRecorded(let address, let previous, let span):
            Self.json(bothRecorded: address, previous, span)
        }
    }

    private static func json(bothRecorded address: Address, _ previous: Address, _ span: SourceSpan?) -> JSONValue {
        var object: JSONObject = [
            "reason": "bothRecorded", "address": .string(address.description),
            "previous": .string(previous.description),
        ]
        object["span"] = span.map(\.json)
        return .object(object)
    }

    init(_ file: PlanFileReader) throws(PlanningFailure) {
        switch try file.text("reason") {
        case "tooManyDeletes": self = .tooManyDeletes(count: try file.int("count"), limit: try file.int("limit"))
        case "protected":
            self = .protected(try file.member("address").address(), pattern: try file.text("pattern"))
        case "deletesEvery":
            self = .deletesEvery(ResourceKind(rawValue: try file.text("kind")), count: try file.int("count"))
        case "loosened":
            self = .loosened(
                field: try file.text("field"), before: try file.text("before"), after: try file.text("after"))
        case "approval": self = .approval
        case "bothRecorded":
            self = .bothRecorded(
                try file.member("address").address(), previous: try file.member("previous").address(),
                span: try file.optional("span").map { (span) throws(PlanningFailure) in try SourceSpan(span) })
        case "interruption": self = .interruption(try file.member("address").address())
        case let other: throw try file.member("reason").wrong("one of the reasons for consent, not `\(other)`")
        }
    }
}
