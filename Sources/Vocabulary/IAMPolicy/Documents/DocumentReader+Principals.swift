import Diagnostics
import JSON

extension DocumentReader {
    private static let principalKinds = ["AWS", "Service", "Federated", "CanonicalUser"]

    mutating func readPrincipals(_ node: Node) -> PolicyPrincipals? {
        guard kind.namesPrincipals else {
            for name in ["Principal", "NotPrincipal"] {
                guard let written = node.member(name) else { continue }
                error(
                    .forbiddenElement, "a policy of this kind has no `\(name)`: it is about who it is attached to",
                    at: written.nameSpan, remedy: "remove it")
            }
            return nil
        }
        guard let member = oneForm(node, "Principal", isRequired: true) else { return nil }
        let isExcluding = member.name == "NotPrincipal"
        if isExcluding, kind == .trust {
            error(
                .forbiddenElement, "a trust policy has no `NotPrincipal`", at: member.nameSpan,
                remedy: "list who may assume the role in `Principal`")
        }
        let names = principals(member.value, "`\(member.name)`")
        return names.isEmpty ? nil : PolicyPrincipals(isExcluding: isExcluding, names: names)
    }

    private mutating func principals(_ node: Node, _ what: String) -> [PolicyPrincipal] {
        guard let members = node.members else {
            if node.string == "*" { return [.everyone] }
            let remedy = #"write `"*"`, or a map such as `{"AWS": "123456789012"}`"#
            if let text = node.string {
                error(.badPrincipal, "`\(text)` is no principal", at: node, remedy: remedy)
            } else {
                error(.wrongType, "\(what) is a map or `*`, and this is \(node.typeName)", at: node, remedy: remedy)
            }
            return []
        }
        if members.isEmpty { error(.emptyList, "\(what) names nobody", at: node, remedy: "add a principal") }
        var names: [PolicyPrincipal] = []
        for member in members {
            guard Self.principalKinds.contains(member.name) else {
                let nearest = Suggestion.nearest(to: member.name, among: Self.principalKinds)
                error(
                    .unknownElement, "there are no principals of the kind `\(member.name)`", at: member.nameSpan,
                    remedy: nearest.map { "did you mean `\($0)`" } ?? "use `AWS`, `Service` or `Federated`")
                continue
            }
            for (text, node) in texts(member.value, "`\(member.name)`") {
                guard let name = PolicyPrincipal(text, kind: member.name) else {
                    error(
                        .badPrincipal, "`\(text)` is no principal of the kind `\(member.name)`", at: node,
                        remedy: Self.remedy(text, kind: member.name))
                    continue
                }
                names.append(name)
            }
        }
        return names
    }

    private static func remedy(_ text: String, kind: String) -> String {
        switch kind {
        case "Service": return "write the service as `apigateway.amazonaws.com`"
        case "Federated": return "name the ARN of a SAML or OIDC provider, or the host of a public one"
        case "AWS" where text.contains(":group/"): return "a group is never a principal: name users or a role"
        case "AWS" where text.contains("*"):
            return "name each user or role, or the account with a condition on `aws:PrincipalArn`"
        default: return "name an account of twelve digits, or the ARN of a user, role or session"
        }
    }
}

extension PolicyPrincipal {
    /// Nil for what no policy may name; `kind` is `AWS`, `Service`, `Federated` or `CanonicalUser`.
    init?(_ text: String, kind: String) {
        switch kind {
        case "Service":
            let hasDomain = text.hasSuffix(".amazonaws.com") || text.hasSuffix(".amazonaws.com.cn")
            let isPlain = text.utf8.allSatisfy { Self.isLabelByte($0) || $0 == UInt8(ascii: ".") }
            guard hasDomain, isPlain, !text.hasPrefix(".") else { return nil }
            self = .service(text)
        case "Federated":
            guard !text.isEmpty, !text.contains("*") else { return nil }
            if text.hasPrefix("arn:") {
                guard let name = Self.name(ofARN: text, service: "iam"),
                    name.hasPrefix("saml-provider/") || name.hasPrefix("oidc-provider/")
                else { return nil }
            } else {
                guard text.contains("."), !text.contains(where: \.isWhitespace) else { return nil }
            }
            self = .federated(text)
        case "CanonicalUser":
            guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else { return nil }
            self = .canonicalUser(text)
        default: self.init(aws: text)
        }
    }

    private init?(aws text: String) {
        if text == "*" {
            self = .everyone
        } else if Self.isAccount(text) {
            self = .account(text)
        } else if ["AIDA", "AROA"].contains(where: text.hasPrefix), (16...128).contains(text.utf8.count),
            text.utf8.allSatisfy(Self.isLabelByte)
        {
            self = .aws(text)
        } else if text.contains("*") || text.contains("?") {
            return nil
        } else if let name = Self.name(ofARN: text, service: "iam") {
            if name == "root" {
                self = .account(Self.part(4, of: text))
            } else {
                guard ["user/", "role/"].contains(where: name.hasPrefix), name.utf8.count > 5, !name.hasSuffix("/")
                else { return nil }
                self = .aws(text)
            }
        } else if let name = Self.name(ofARN: text, service: "sts") {
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            let isSession = parts.count == 3 && parts[0] == "assumed-role"
            let isFederated = parts.count == 2 && parts[0] == "federated-user"
            guard isSession || isFederated, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
            self = .aws(text)
        } else {
            return nil
        }
    }

    /// The sixth part of an ARN with an account and without a region.
    private static func name(ofARN text: String, service: String) -> String? {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, parts[2] == service, parts[3].isEmpty,
            isAccount(parts[4]), !parts[5].isEmpty
        else { return nil }
        return String(parts[5])
    }

    private static func part(_ position: Int, of arn: String) -> String {
        String(arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)[position])
    }

    private static func isAccount(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy(DecimalText.isDigit)
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
