import Diagnostics
import JSON

/// What is valid and very likely not meant.
extension DocumentReader {
    mutating func lint(_ statement: PolicyStatement, _ node: Node) {
        guard statement.effect == .allow else { return }
        lintForAllValues(statement, node)
        guard let principals = statement.principals else { return }
        let place = (node.member("Principal") ?? node.member("NotPrincipal"))?.nameSpan ?? node.span
        if principals.isExcluding {
            if kind != .trust {
                warn(
                    .allowsAllButSome,
                    "`NotPrincipal` with `Allow` lets in everybody who is not listed, also those who did not sign",
                    at: place, remedy: "list who may come in `Principal`")
            }
            return
        }
        guard kind == .trust else { return }
        if principals.names.contains(.everyone), statement.conditions.isEmpty {
            warn(
                .openTrust, "everybody of every account may assume the role", at: place,
                remedy: "name accounts, users or roles, or add a condition")
        }
        let sources = ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"]
        let isLimited = statement.conditions.contains { sources.contains($0.key.lowercased()) }
        for case .service(let name) in principals.names where !isLimited {
            warn(
                .confusedDeputy, "`\(name)` may assume the role on behalf of anybody", at: place,
                remedy: "add a condition on `aws:SourceArn` or `aws:SourceAccount`")
        }
    }

    private mutating func lintForAllValues(_ statement: PolicyStatement, _ node: Node) {
        let guarded = Set(
            statement.conditions.filter { $0.condition.test == .null && $0.values == ["false"] }
                .map { $0.key.lowercased() })
        for member in node["Condition"]?.members ?? [] {
            guard ConditionOperator(member.name)?.quantifier == .forAllValues else { continue }
            for key in member.value.members ?? [] where !guarded.contains(key.name.lowercased()) {
                warn(
                    .unguardedForAllValues,
                    "`\(member.name)` is also true for a request without `\(key.name)`", at: key.nameSpan,
                    remedy: #"add `"Null": {"\#(key.name)": "false"}` to the condition"#)
            }
        }
    }

    /// SOURCE: IAM user guide, "AWS global condition context keys", read 2026-11.
    private static let multivaluedKeys: Set<String> = [
        "aws:tagkeys", "aws:calledvia", "aws:principalorgpaths", "aws:sourceorgpaths", "aws:resourceorgpaths",
        "aws:principalservicenameslist",
    ]
    private static let singleValuedKeys: Set<String> = [
        "aws:username", "aws:userid", "aws:principaltype", "aws:principalarn", "aws:principalaccount",
        "aws:principalorgid", "aws:tokenissuetime", "aws:multifactorauthpresent", "aws:multifactorauthage",
        "aws:currenttime", "aws:epochtime", "aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce",
        "aws:useragent", "aws:referer", "aws:securetransport", "aws:requestedregion", "aws:sourcearn",
        "aws:sourceaccount", "aws:principalisawsservice", "aws:federatedprovider", "aws:calledviafirst",
        "aws:calledvialast", "sts:externalid",
    ]

    mutating func lintKey(_ member: Node.Member, of condition: ConditionOperator) {
        guard condition.test != .null else { return }
        let key = member.name.lowercased()
        if condition.quantifier == nil, Self.multivaluedKeys.contains(key) {
            warn(
                .setOperator, "`\(member.name)` may have several values, which `\(condition.name)` does not compare",
                at: member.nameSpan, remedy: "write `ForAnyValue:\(condition.name)` or `ForAllValues:...`")
        }
        if let quantifier = condition.quantifier, Self.singleValuedKeys.contains(key) {
            warn(
                .setOperator, "`\(member.name)` has one value, and `\(quantifier.rawValue):` is for several",
                at: member.nameSpan, remedy: "remove the prefix")
        }
    }
}

/// Resources of a form that nothing has.
extension DocumentReader {
    mutating func lintResource(_ text: String, at node: Node) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6 else {
            if text.last != "*" {
                warn(
                    .matchesNothing, "`\(text)` has not the six parts of an ARN and matches none", at: node.span,
                    remedy: "write `arn:partition:service:region:account:resource`, empty parts included")
            }
            return
        }
        if parts[2].contains(where: { "*?".contains($0) }) {
            warn(
                .wildcardService, "the service of `\(text)` has a wildcard", at: node.span, remedy: "name the service")
        }
        switch parts[2] {
        case "apigateway": lintManagement(parts, at: node)
        case "iam" where !parts[3].isEmpty && parts[3] != "*":
            let meant = (parts[..<3] + [""] + parts[4...]).joined(separator: ":")
            warn(.matchesNothing, "no IAM ARN has a region", at: node.span, remedy: "did you mean `\(meant)`")
        case "execute-api": lintInvocation(text, parts[5], at: node)
        default: break
        }
    }

    private mutating func lintManagement(_ parts: [String], at node: Node) {
        let hasAccount = !parts[4].isEmpty && parts[4] != "*"
        let lacksRegion = parts[3].isEmpty
        let path = parts[5].first.map { "/*?$".contains($0) } == true ? parts[5] : "/" + parts[5]
        guard hasAccount || lacksRegion || path != parts[5] else { return }
        let region = lacksRegion ? "*" : parts[3]
        let meant = "\(parts[0]):\(parts[1]):apigateway:\(region)::\(path)"
        let message =
            hasAccount
            ? "no API Gateway management ARN has an account"
            : lacksRegion
                ? "every API Gateway management ARN has a region"
                : "the path of an API Gateway management ARN begins with a slash"
        warn(.matchesNothing, message, at: node.span, remedy: "did you mean `\(meant)`")
    }

    private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

    /// `{api}/{stage}/{METHOD}/{path}`
    private mutating func lintInvocation(_ text: String, _ resource: String, at node: Node) {
        let parts = resource.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, !parts[..<3].joined().contains("*") else { return }
        let method = String(parts[2])
        // A connection of a WebSocket API has its own form.
        guard !method.contains(where: { "*?$@".contains($0) }), !Self.methods.contains(method) else { return }
        let meant = method == "ANY" ? "*" : method.uppercased()
        guard meant == "*" || Self.methods.contains(meant) else { return }
        warn(
            .matchesNothing, "no call has the method `\(method)`, as `\(text)` says", at: node.span,
            remedy: "write `\(meant)`")
    }
}
