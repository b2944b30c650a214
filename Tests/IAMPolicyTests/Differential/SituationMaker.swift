import IAMPolicy
import JSON
import PolicyOracle
import Seeds

/// Makes policies that have a chance to meet a request: patterns are made of the request's own words.
struct SituationMaker {
    private var dice: SeededGenerator
    private var caller = Caller.anonymous
    private var action = ""
    private var resource = ""

    init(seed: Int) { dice = SeededGenerator(seed: seed) }

    private static let callers: [Caller] = [
        .dev, .dev, .session, .session, .stranger, .root(account: "123456789012"), .anonymous,
        .federatedUser(account: "123456789012", name: "bob"), .service("apigateway.amazonaws.com"),
        .federated(provider: "accounts.google.com"),
        .session(ofRole: "arn:aws:iam::999999999999:role/worker", name: "s1", roleID: "AROASTRANGERSTRA"),
    ]
    private static let actions = [
        "execute-api:Invoke", "execute-api:Invoke", "s3:GetObject", "S3:PutObject", "apigateway:GET", "iam:GetRole",
        "iam:DeletePolicy", "iam:DeleteRole", "iam:CreatePolicyVersion", "iam:AttachRolePolicy", "sts:AssumeRole",
        "sts:GetCallerIdentity",
    ]
    private static let resources = [
        "arn:aws:execute-api:us-east-1:123456789012:abc/test/GET/pets",
        "arn:aws:execute-api:us-east-1:999999999999:abc/test/GET/pets/42", "arn:aws:s3:::home/dev/a:b",
        "arn:aws:s3:::home/züri/𝄞/x", "arn:aws:apigateway:us-east-1::/restapis/abc", "arn:aws:iam::123456789012:role/r",
        "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:role/aws-reserved/x", "*",
        "arn:aws:s3:::home/dev", "arn:aws:s3:::home/*/a",
    ]

    mutating func make() -> Situation {
        caller = dice.pick(Self.callers)
        action = dice.pick(Self.actions)
        resource = dice.pick(Self.resources)
        let isTrust = action == "sts:AssumeRole" && dice.isOne(in: 2)
        var situation = Situation(
            caller: caller, action: action, resource: resource, context: context(), identity: [], isTrust: isTrust)
        if !dice.isOne(in: 4) {
            situation.identity = (0..<Int.random(in: 1...2, using: &dice)).map { _ in document(.identity) }
        }
        if dice.isOne(in: 4) { situation.boundary = document(.boundary) }
        if dice.isOne(in: 4) { situation.session = document(.session) }
        if dice.isOne(in: 2) || isTrust { situation.resourcePolicy = document(isTrust ? .trust : .resource) }
        return situation
    }

    private mutating func document(_ kind: PolicyKind) -> JSONValue {
        var document = JSONObject()
        if !dice.isOne(in: 8) { document["Version"] = dice.isOne(in: 8) ? "2008-10-17" : "2012-10-17" }
        let statements = (0..<Int.random(in: 1...3, using: &dice)).map { _ in statement(kind) }
        document["Statement"] = statements.count == 1 && dice.isOne(in: 2) ? statements[0] : .array(statements)
        return .object(document)
    }

    private mutating func statement(_ kind: PolicyKind) -> JSONValue {
        var statement: JSONObject = ["Effect": dice.isOne(in: 4) ? "Deny" : "Allow"]
        if kind.namesPrincipals {
            let isExcluding = kind == .resource && dice.isOne(in: 5)
            statement[isExcluding ? "NotPrincipal" : "Principal"] = principal()
        }
        let isTrust = kind == .trust
        let actions = (0..<Int.random(in: 1...2, using: &dice)).map { _ in isTrust ? "sts:AssumeRole" : actionPattern()
        }
        statement[!isTrust && dice.isOne(in: 6) ? "NotAction" : "Action"] = oneOrMany(actions)
        if !isTrust {
            // What is beyond Latin-1 may be in a request and not in a policy.
            let resources = (0..<Int.random(in: 1...2, using: &dice)).map { _ in
                resourcePattern().replacing("𝄞", with: "?")
            }
            statement[dice.isOne(in: 6) ? "NotResource" : "Resource"] = oneOrMany(resources)
        }
        if dice.isOne(in: 2) { statement["Condition"] = conditions() }
        return .object(statement)
    }

    private mutating func oneOrMany(_ texts: [String]) -> JSONValue {
        texts.count == 1 && dice.isOne(in: 2) ? .string(texts[0]) : .array(texts.map { .string($0) })
    }

    private mutating func principal() -> JSONValue {
        if dice.isOne(in: 5) { return "*" }
        var names = [
            "*", "123456789012", "arn:aws:iam::123456789012:root", "999999999999",
            caller.kind == .user ? caller.id ?? "" : "AIDANOBODYNOBODY",
            "arn:aws:iam::123456789012:user/other", "AROAWORKERWORKER",
        ]
        if caller.account != nil { names += [caller.arn, caller.arn, caller.roleARN ?? caller.arn] }
        var principal = JSONObject()
        let chosen = (0..<Int.random(in: 1...3, using: &dice)).map { _ in dice.pick(names) }
        principal["AWS"] = oneOrMany(chosen.map { $0.contains(":") && !$0.hasPrefix("arn") ? "*" : $0 })
        if dice.isOne(in: 4) { principal["Service"] = "apigateway.amazonaws.com" }
        if dice.isOne(in: 5) { principal["Federated"] = "accounts.google.com" }
        if principal.count > 1, dice.isOne(in: 2) { principal["AWS"] = nil }
        return .object(principal)
    }

    private mutating func actionPattern() -> String {
        let parts = action.split(separator: ":").map(String.init)
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: return "*"
        case 1: return "\(parts[0]):*"
        case 2: return "\(parts[0]):\(parts[1].prefix(2))*"
        case 3: return "\(parts[0]):?\(parts[1].dropFirst())"
        case 4: return dice.pick(Self.actions)
        case 5: return action.uppercased()
        default: return action
        }
    }

    private mutating func resourcePattern() -> String {
        switch Int.random(in: 0..<10, using: &dice) {
        case 0: return "*"
        case 1: return dice.pick(["arn:aws:s3*", "arn:aws:iam::*", "arn:*", "arn:aws:s3", "*:*"])
        case 2: return dice.pick(Self.resources)
        case 3: return variable()
        default: return worn(resource)
        }
    }

    private mutating func variable() -> String {
        let value = dice.pick([
            "${aws:username}", "${AWS:UserName, 'dev'}", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/team, 'a*'}",
            "${s3:prefix}", "${*}", "d?v", "*",
        ])
        return dice.pick(["arn:aws:s3:::home/", "arn:aws:s3:::home/*/", "arn:aws:s3:*:*:home/"]) + value
            + dice.pick(["", "/*", "/a", "*"])
    }

    /// The text with some of it replaced by wildcards.
    private mutating func worn(_ text: String) -> String {
        var text = Array(text)
        guard text.count > 10 else { return String(text) }
        for _ in 0..<Int.random(in: 0...3, using: &dice) {
            let from = Int.random(in: 4..<text.count, using: &dice)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: text[from] = "?"
            case 1: text[from...] = ["*"]
            case 2:
                let to = min(text.count, from + Int.random(in: 1...6, using: &dice))
                text.replaceSubrange(from..<to, with: ["*"])
            default: text.insert("*", at: from)
            }
            if text.count < 6 { break }
        }
        return String(text)
    }
}

extension SituationMaker {
    /// Keys with the values that requests and policies have of them.
    private static let pools: [(keys: [String], operators: [String], given: [String], wanted: [String])] = [
        (
            ["aws:PrincipalTag/team", "s3:prefix", "aws:TagKeys", "aws:username", "aws:PrincipalType", "aws:userid"],
            [
                "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
                "StringNotLike",
            ], ["a", "A", "b", "a*", "", "dev", "User", "bob", "É"],
            [
                "a", "b", "a*", "*", "?", "dev", "D*", "User", "${aws:PrincipalTag/team}", "${s3:prefix, 'a'}", "${*}",
                "é",
            ]
        ),
        (
            ["s3:max-keys", "app:count"],
            [
                "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
                "NumericGreaterThanEquals",
            ], ["10", "10.0", "9.99", "-1", "abc", "123456789012345678901", "", "-0", ".5"],
            ["10", "10.00", "9.989", "-1.5", "0", "123456789012345678902", "${app:count, '10'}", "+10", "0.50"]
        ),
        (
            ["aws:CurrentTime", "aws:TokenIssueTime"],
            [
                "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
                "DateGreaterThanEquals",
            ], ["2026-11-22T10:00:00Z", "2026-11-22T12:00:00+02:00", "1795341600", "2026", "2026-11-22", "now"],
            ["2026-11-22T10:00:00Z", "2026-11-22T05:00:00-05:00", "2026-11-22T10:00Z", "1795341600", "2026-12", "2027"]
        ),
        (
            ["aws:SecureTransport", "aws:MultiFactorAuthPresent"], ["Bool"], ["true", "TRUE", "false", "maybe"],
            ["true", "false", "False", "${aws:SecureTransport, 'true'}"]
        ),
        (["app:blob"], ["BinaryEquals"], ["YWJj", "YWI=", "!", "YQ=="], ["YWJj", "YWI=", "YQ=="]),
        (
            ["aws:SourceIp", "aws:VpcSourceIp"], ["IpAddress", "NotIpAddress"],
            ["203.0.113.7", "10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1", "x", "10.0.0.0/8"],
            ["203.0.113.0/24", "10.0.0.1", "0.0.0.0/0", "2001:db8::/32", "::/0", "203.0.113.7/32", "${aws:SourceIp}"]
        ),
        (
            ["aws:SourceArn", "aws:PrincipalArn"], ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
            [
                "arn:aws:execute-api:us-east-1:123456789012:abc/test/GET/pets", "arn:aws:s3:::b", "nothing",
                "arn:aws:sns:us-east-1:123456789012:t:u",
            ],
            [
                "arn:aws:execute-api:*:123456789012:abc/*", "arn:*:*:*:*:*", "arn:aws:s3:::?", "*",
                "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:user/${aws:username}",
                "arn:aws:sns:us-east-1:123456789012:*", "${aws:PrincipalArn}",
            ]
        ),
    ]

    fileprivate mutating func context() -> [String: [String]] {
        var context: [String: [String]] = [:]
        for pool in Self.pools {
            for key in pool.keys where dice.isOne(in: 3) && !["aws:username", "aws:PrincipalArn"].contains(key) {
                let count = key == "aws:TagKeys" || dice.isOne(in: 8) ? Int.random(in: 0...3, using: &dice) : 1
                let name = dice.isOne(in: 4) ? key.uppercased() : key
                context[name] = (0..<count).map { _ in dice.pick(pool.given) }
            }
        }
        return context
    }

    fileprivate mutating func conditions() -> JSONValue {
        var conditions = JSONObject()
        for _ in 0..<Int.random(in: 1...2, using: &dice) {
            let pool = dice.pick(Self.pools)
            let key = dice.pick(pool.keys)
            if dice.isOne(in: 8) {
                conditions["Null"] = .object(JSONObject([(key, dice.pick(["true", "false", true, false]))]))
                continue
            }
            var name = dice.pick(pool.operators)
            if dice.isOne(in: 4) { name += "IfExists" }
            if dice.isOne(in: 4) { name = dice.pick(["ForAllValues:", "ForAnyValue:"]) + name }
            let values = (0..<Int.random(in: 1...2, using: &dice)).map { _ in dice.pick(pool.wanted) }
            conditions[name] = .object(JSONObject([(dice.isOne(in: 4) ? key.lowercased() : key, oneOrMany(values))]))
        }
        return .object(conditions)
    }
}
