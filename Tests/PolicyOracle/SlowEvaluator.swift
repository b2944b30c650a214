import IAMPolicy
package import JSON

/// Decides by walking over the JSON of the documents, one sentence of the specification after the other, with no regard
/// to time. It shares nothing with the evaluator that it checks but the values of the request.
package struct SlowEvaluator {
    package let situation: Situation

    package init(situation: Situation) { self.situation = situation }

    private var caller: Caller { situation.caller }
    private var action: String { situation.action.lowercased() }

    /// `allowed`, `explicitly denied` or `implicitly denied`.
    package func outcome() -> String {
        // Fixed rules beside the order.
        if action == "sts:getcalleridentity" { return "allowed" }
        // 1. Any matching Deny anywhere.
        for document in situation.identity + [situation.boundary, situation.session].compactMap({ $0 }) {
            if statements(document).contains(where: { effect($0) == "Deny" && matches($0, in: document) }) {
                return "explicitly denied"
            }
        }
        if let document = situation.resourcePolicy {
            for statement in statements(document) where effect(statement) == "Deny" && matches(statement, in: document)
            {
                if statement["NotPrincipal"] != nil, situation.boundary != nil { return "explicitly denied" }
                if denies(statement) { return "explicitly denied" }
            }
        }
        if isUntouchable { return "implicitly denied" }
        return isAllowed ? "allowed" : "implicitly denied"
    }

    private var isAllowed: Bool {
        let named = situation.resourcePolicy.map(grantNamings) ?? []
        let owner = ownerAccount
        guard let account = caller.account else { return named.contains("self") || named.contains("everyone") }
        // Cross-account: both sides.
        if let owner, owner != account { return !named.isEmpty && accountSide(needsIdentity: true) }
        if situation.isTrust, named.isEmpty { return false }
        // 3. The resource policy.
        if named.contains("self") || named.contains("everyone") { return true }
        return accountSide(needsIdentity: !named.contains("role"))
    }

    /// 4, 5 and 6.
    private func accountSide(needsIdentity: Bool) -> Bool {
        if needsIdentity, caller.kind != .root, !situation.identity.contains(where: allows) { return false }
        if let boundary = situation.boundary, !allows(boundary) { return false }
        if let session = situation.session { return allows(session) }
        return caller.kind != .federatedUser
    }

    private func allows(_ document: JSONValue) -> Bool {
        statements(document).contains { effect($0) == "Allow" && matches($0, in: document) }
    }

    /// How the matching Allow statements of the resource policy name the caller.
    private func grantNamings(_ document: JSONValue) -> Set<String> {
        var found: Set<String> = []
        for statement in statements(document) where effect(statement) == "Allow" && matches(statement, in: document) {
            if let principal = statement["Principal"] { found.formUnion(namings(in: principal)) }
            // Grants everybody who is not listed.
            if let principal = statement["NotPrincipal"], namings(in: principal).isEmpty { found.insert("everyone") }
        }
        return found
    }

    private func denies(_ statement: JSONValue) -> Bool {
        if let principal = statement["Principal"] { return !namings(in: principal).isEmpty }
        guard let principal = statement["NotPrincipal"] else { return true }
        let listed = namings(in: principal)
        if listed.contains("everyone") { return false }
        // "list the account root and, for roles, both the role and the session ARN"
        switch caller.kind {
        case .root: return !listed.contains("account")
        case .user, .federatedUser: return !(listed.contains("account") && listed.contains("self"))
        case .roleSession:
            return !(listed.contains("account") && listed.contains("role") && listed.contains("self"))
        default: return !listed.contains("self")
        }
    }

    private func namings(in principal: JSONValue) -> Set<String> {
        if principal == "*" { return ["everyone"] }
        var found: Set<String> = []
        for (kind, value) in principal.object ?? [:] {
            for name in texts(value) {
                switch kind {
                case "AWS": if let naming = naming(aws: name) { found.insert(naming) }
                case "Service": if caller.kind == .service, caller.arn == name { found.insert("self") }
                case "Federated": if caller.kind == .federated, caller.arn == name { found.insert("self") }
                default: break
                }
            }
        }
        return found
    }

    private func naming(aws name: String) -> String? {
        if name == "*" { return "everyone" }
        guard let account = caller.account else { return nil }
        if name == account || (name.hasPrefix("arn:") && name.hasSuffix(":iam::\(account):root")) { return "account" }
        if name == caller.roleARN { return "role" }
        if name == caller.arn { return "self" }
        if caller.kind == .user, name == caller.id { return "self" }
        if caller.kind == .roleSession, let id = caller.id, name == String(id.prefix { $0 != ":" }) { return "role" }
        return nil
    }

    private var ownerAccount: String? {
        let parts = situation.resource.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[4].count == 12, parts[4].allSatisfy({ "0123456789".contains($0) }) else {
            return nil
        }
        return String(parts[4])
    }

    /// "cannot be created, changed, tagged or deleted by any policy"
    private var isUntouchable: Bool {
        let parts = situation.resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else { return false }
        let words = ["create", "delete", "update", "put", "tag", "untag", "set", "attach", "detach"]
        guard words.contains(where: { action.hasPrefix("iam:\($0)") }) else { return false }
        if parts[4] == "aws", parts[5].hasPrefix("policy/") {
            return action.contains("policy") && !action.hasSuffix("rolepolicy")
        }
        return parts[5].hasPrefix("role/aws-reserved/") && action.contains("role")
    }
}

/// Whether a statement matches, the principal aside.
extension SlowEvaluator {
    package func statements(_ document: JSONValue) -> [JSONValue] {
        document["Statement"].map { $0.array ?? [$0] } ?? []
    }
    package func effect(_ statement: JSONValue) -> String { statement["Effect"]?.string ?? "" }

    func texts(_ value: JSONValue) -> [String] {
        (value.array ?? [value]).map { element in
            switch element {
            case .bool(let flag): flag ? "true" : "false"
            case .number(let number): number.text
            default: element.string ?? ""
            }
        }
    }

    package func matches(_ statement: JSONValue, in document: JSONValue) -> Bool {
        let hasVariables = document["Version"] == "2012-10-17"
        if hasVariables, hasUnknownVariable(statement) { return false }
        if let actions = statement["Action"], !texts(actions).contains(where: matchesAction) { return false }
        if let actions = statement["NotAction"], texts(actions).contains(where: matchesAction) { return false }
        if let resources = statement["Resource"] {
            if !texts(resources).contains(where: { matchesResource($0, hasVariables) }) { return false }
        }
        if let resources = statement["NotResource"] {
            if texts(resources).contains(where: { matchesResource($0, hasVariables) }) { return false }
        }
        for (name, keys) in statement["Condition"]?.object ?? [:] {
            for (key, values) in keys.object ?? [:] {
                let condition = SlowCondition(name: name, key: key, values: texts(values), hasVariables: hasVariables)
                if !condition.holds(self) { return false }
            }
        }
        return true
    }

    private func matchesAction(_ pattern: String) -> Bool {
        SlowText.matches(SlowText.tokens(pattern.lowercased()), SlowText.scalars(action))
    }

    private func matchesResource(_ pattern: String, _ hasVariables: Bool) -> Bool {
        guard let tokens = SlowText.tokens(pattern, hasVariables ? self : nil) else { return false }
        let resource = SlowText.scalars(situation.resource)
        if tokens == [.any] { return true }
        guard let wanted = SlowText.sixParts(tokens) else {
            return tokens.last == .any && SlowText.matches(tokens, resource)
        }
        guard let given = SlowText.sixParts(resource) else { return false }
        return zip(wanted, given).allSatisfy { SlowText.matches($0, $1) }
    }

    /// A variable without value and without default: the statement does not match.
    private func hasUnknownVariable(_ statement: JSONValue) -> Bool {
        var written: [String] = []
        for name in ["Resource", "NotResource"] { if let value = statement[name] { written += texts(value) } }
        for (name, keys) in statement["Condition"]?.object ?? [:] where SlowCondition.takesVariables(name) {
            for (_, values) in keys.object ?? [:] { written += texts(values) }
        }
        return written.contains { SlowText.tokens($0, self) == nil }
    }

    /// Keys are compared without regard to case; what follows from the caller is in the table of variables.
    func values(_ key: String) -> [String]? {
        // A key that is given no values is not given.
        for (name, values) in situation.context where name.lowercased() == key.lowercased() && !values.isEmpty {
            return values
        }
        let derived: String? =
            switch key.lowercased() {
            case "aws:username": caller.kind == .user ? String(caller.arn.split(separator: "/").last ?? "") : nil
            case "aws:userid": caller.id
            case "aws:principaltype":
                [
                    Caller.Kind.user: "User", .roleSession: "AssumedRole", .federatedUser: "FederatedUser",
                    .anonymous: "Anonymous", .root: "Account",
                ][caller.kind]
            case "aws:principalarn":
                caller.kind == .roleSession ? caller.roleARN : caller.account == nil ? nil : caller.arn
            case "aws:principalaccount": caller.account
            default: nil
            }
        return derived.map { [$0] }
    }
}
